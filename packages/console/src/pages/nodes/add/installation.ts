import { useRead } from '#api/queries.ts'

/** What the server says of the listener that other machines call. */
export interface Installation {
  readonly publicKeyPin: string
  readonly caPem: string
  readonly region: string
  /** The address that is likely to be right. */
  readonly url: string
}

interface Listener {
  readonly https: { readonly host: string; readonly port: number } | null
  readonly publicKeyPin: string | null
  readonly hostnames: readonly string[]
  readonly region: string
}

/** `none`: the server has no TLS listener. */
export function useInstallation() {
  return useRead<Installation | 'none'>('server', ['installation'], async (signal) => {
    const listener = (await (await fetch('/install/listener.json', { signal })).json()) as Listener
    const { https, publicKeyPin, hostnames, region } = listener
    if (!https || !publicKeyPin) return 'none'
    const caPem = await (await fetch('/install/ca.pem', { signal })).text()
    return { publicKeyPin, caPem, region, url: `https://${hostOf(https.host, hostnames)}:${https.port}` }
  })
}

/** Bound to all addresses, the server is where its operator says, or where this browser found it. */
function hostOf(bound: string, hostnames: readonly string[]): string {
  if (bound !== '0.0.0.0' && bound !== '::') return bound.includes(':') ? `[${bound}]` : bound
  return isLocal(location.hostname) ? (hostnames[0] ?? location.hostname) : location.hostname
}

/** Whether only the machine itself can mean itself by this name. */
export function isLocal(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}
