/*
 * AGT-03: where HTTPS_PROXY or HTTP_PROXY names a proxy, every connection goes through a tunnel of it (CONNECT), unless
 * NO_PROXY lists the host. TLS is spoken inside the tunnel, so the proxy sees only where we go.
 */
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export type ProxyEnvironment = { [name: string]: string | undefined }

/** The proxy for an address; undefined when it is reached directly. */
export function proxyFor(url: URL, environment: ProxyEnvironment): URL | undefined {
  const secure = url.protocol === 'https:' || url.protocol === 'wss:'
  const setting = (name: string) => environment[name] || environment[name.toUpperCase()]
  const proxy = secure ? setting('https_proxy') : setting('http_proxy')
  if (!proxy || isExcepted(url, setting('no_proxy') ?? '')) return undefined
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`)
}

/** NO_PROXY: hosts and domains separated by commas, perhaps with a port; `*` is every host. Loopback is never proxied. */
function isExcepted(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return true
  return list
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      const [, name = '', port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? []
      const matches = entry === '*' || host === name || host.endsWith(`.${name}`)
      return matches && (port === undefined || port === portOf(url))
    })
}

const answerLimit = 16 * 1024

/** Opens a tunnel through the proxy to the address; what is written to the socket arrives there. */
export function openTunnel(url: URL, proxy: URL, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const host = proxy.hostname.replace(/^\[|\]$/g, '')
    const port = Number(portOf(proxy))
    const socket = proxy.protocol === 'https:' ? connectTls({ host, port, servername: host }) : connect({ host, port })
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    socket.setTimeout(timeoutMs, () => fail(new Error(`The proxy ${proxy.host} did not answer.`)))
    socket.once('error', (error) => fail(new Error(`The proxy ${proxy.host} cannot be reached: ${error.message}`)))
    socket.once(proxy.protocol === 'https:' ? 'secureConnect' : 'connect', () => socket.write(request(url, proxy)))
    let answer = Buffer.alloc(0)
    const read = (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk])
      const end = answer.indexOf('\r\n\r\n')
      if (end < 0 && answer.length < answerLimit) return
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer.toString('latin1'))?.[1]
      if (end < 0 || status !== '200')
        return fail(new Error(`The proxy ${proxy.host} answered ${status ?? 'nonsense'}.`))
      socket.removeAllListeners()
      socket.setTimeout(0)
      socket.pause()
      if (answer.length > end + 4) socket.unshift(answer.subarray(end + 4))
      resolve(socket)
    }
    socket.on('data', read)
  })
}

function request(url: URL, proxy: URL): string {
  const target = `${url.hostname}:${portOf(url)}`
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
  const authorization = proxy.username ? `Proxy-Authorization: Basic ${Buffer.from(login).toString('base64')}\r\n` : ''
  return `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization}\r\n`
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' || url.protocol === 'wss:' ? '443' : '80')
}
