import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Download } from '#plugins/download-content/download-content.ts'
import { fileAt } from '#plugins/download-content/download-content.ts'
import { saveFile } from '#plugins/download-content/save-file.ts'
import { inputFlag, inputText } from '#plugins/inputs.ts'
import type { PluginServer } from '#plugins/plugin.ts'
import { openHttp } from '#server/http.ts'

const silenceMs = 60_000
const mostRedirects = 5

/** sourceType HTTP: `url`, `authMethod` None, Basic or Digest, `username`, `password`, `allowInsecureDownload`. */
export async function downloadFromHttp({ info, destination, io, signal }: Download): Promise<string[]> {
  const url = webAddress(inputText(info, 'url').trim())
  const insecureAllowed = inputFlag(info, 'allowInsecureDownload')
  if (url.protocol === 'http:' && !insecureAllowed) {
    throw new Error(
      "Non secure URL provided and insecure download is not allowed. Provide a secure URL or set 'allowInsecureDownload' to true to perform the download operation",
    )
  }
  const authMethod = inputText(info, 'authMethod').trim() || 'None'
  if (!['None', 'Basic', 'Digest'].includes(authMethod)) {
    throw new Error(
      `Invalid authentication method: ${authMethod}. The following methods are accepted: None, Basic, Digest`,
    )
  }
  const user = await secretOf(inputText(info, 'username').trim(), io.server)
  const password = await secretOf(inputText(info, 'password').trim(), io.server)
  const login = authMethod === 'None' ? undefined : { method: authMethod, user, password }
  const response = await follow(url, login, insecureAllowed, io.server, signal)
  const file = await fileAt(destination, `download${randomBytes(6).toString('hex')}`)
  await saveFile(response, file, signal)
  return [file]
}

/** A value, or the parameter that `{{ssm-secure:name}}` names. */
export async function secretOf(value: string, server: PluginServer): Promise<string> {
  const reference = /^\{\{ *(?:ssm|ssm-secure):([\w./:+=@-]+) *\}\}$/.exec(value)
  return reference ? server.getSecret(reference[1]!) : value
}

type Login = { method: string; user: string; password: string }

/** Sends the request, answers a challenge, follows redirects; resolves with a 200 whose body is still to be read. */
async function follow(
  start: URL,
  login: Login | undefined,
  insecureAllowed: boolean,
  server: PluginServer,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let url = start
  let authorization = login?.method === 'Basic' ? basic(login) : undefined
  for (let redirects = 0; redirects <= mostRedirects; ) {
    const headers: { [name: string]: string } = authorization ? { authorization } : {}
    const response = await openHttp({
      method: 'GET',
      url,
      headers,
      ca: await caFor(url, server),
      timeoutMs: silenceMs,
      signal,
    })
    const status = response.statusCode ?? 0
    if (status === 200) return response
    response.resume()
    const challenge = response.headers['www-authenticate'] ?? ''
    if (status === 401 && login?.method === 'Digest' && !authorization && /^digest /i.test(challenge)) {
      authorization = digest(login, url, challenge)
      continue
    }
    if (![301, 302, 303, 307, 308].includes(status) || !response.headers.location) {
      throw new Error(`Failed to download file: ${url.host} answered ${status}`)
    }
    const next = webAddress(new URL(response.headers.location, url).href)
    if (next.protocol === 'http:' && !insecureAllowed)
      throw new Error('Failed to download file: redirected to a non secure URL')
    // Another host must not see the password.
    if (next.host !== url.host) authorization = undefined
    url = next
    redirects += 1
  }
  throw new Error('Failed to download file: too many redirects')
}

/** Our server's authority is trusted besides the system's: documents may point to files that it serves. */
export async function caFor(url: URL, { ca }: PluginServer): Promise<string | undefined> {
  if (!ca || url.protocol !== 'https:') return undefined
  const { rootCertificates } = await import('node:tls')
  return [...rootCertificates, ca].join('\n')
}

function webAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new Error('URL scheme for HTTP resource type is invalid. HTTP or HTTPS is accepted')
}

function basic({ user, password }: Login): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** RFC 7616 with qop=auth or without qop; MD5 and SHA-256. */
function digest({ user, password }: Login, url: URL, challenge: string): string {
  const field = (name: string) =>
    new RegExp(`\\b${name}=(?:"([^"]*)"|([^\\s,]+))`, 'i').exec(challenge)?.slice(1).find(Boolean) ?? ''
  const algorithm = field('algorithm') || 'MD5'
  const hash = (text: string) =>
    createHash(/^sha-256/i.test(algorithm) ? 'sha256' : 'md5')
      .update(text)
      .digest('hex')
  const uri = `${url.pathname}${url.search}`
  const cnonce = randomBytes(8).toString('hex')
  const qop = field('qop')
    .split(',')
    .some((value) => value.trim() === 'auth')
    ? 'auth'
    : ''
  const plainSecret = hash(`${user}:${field('realm')}:${password}`)
  const secret = /-sess$/i.test(algorithm) ? hash(`${plainSecret}:${field('nonce')}:${cnonce}`) : plainSecret
  const request = hash(`GET:${uri}`)
  const count = '00000001'
  const middle = qop ? [field('nonce'), count, cnonce, qop] : [field('nonce')]
  const parts = [
    `username="${user}"`,
    `realm="${field('realm')}"`,
    `nonce="${field('nonce')}"`,
    `uri="${uri}"`,
    `algorithm=${algorithm}`,
    `response="${hash([secret, ...middle, request].join(':'))}"`,
    ...(qop ? [`qop=${qop}`, `nc=${count}`, `cnonce="${cnonce}"`] : []),
    ...(field('opaque') ? [`opaque="${field('opaque')}"`] : []),
  ]
  return `Digest ${parts.join(', ')}`
}
