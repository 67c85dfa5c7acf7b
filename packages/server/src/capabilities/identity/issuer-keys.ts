/**
 * The keys with which issuers of web identities sign, fetched from where their discovery document says and kept for a while. All of
 * this is network: never called within a transaction. Answers are small or refused, slow ones are given up, redirects are not followed.
 */
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'

const TIMEOUT_MS = 5000
const KEPT_ISSUERS = 100
const DISCOVERY_MS = 3_600_000
const LARGEST_ANSWER = 512 * 1024

interface Issuer {
  readonly keys: JWTVerifyGetKey
  readonly discoveredAt: number
}

const issuers = new Map<string, Promise<Issuer>>()

/** The issuer could not be reached, or did not answer what an issuer answers. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable'
}

/** `issuer` is the token's `iss`, which the account must trust by now. Throws `IssuerUnreachable`. */
export async function keysOf(issuer: string, signal: AbortSignal): Promise<JWTVerifyGetKey> {
  const now = performance.now()
  const known = await issuers.get(issuer)?.catch(() => undefined)
  if (known && now - known.discoveredAt < DISCOVERY_MS) return known.keys
  const discovery = discover(issuer, now, signal)
  issuers.delete(issuer)
  if (issuers.size >= KEPT_ISSUERS) issuers.delete(issuers.keys().next().value!)
  issuers.set(issuer, discovery)
  try {
    return (await discovery).keys
  } catch (error) {
    if (issuers.get(issuer) === discovery) issuers.delete(issuer)
    throw error
  }
}

async function discover(issuer: string, discoveredAt: number, signal: AbortSignal): Promise<Issuer> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
  const document = await fetchJson(url, { headers: { accept: 'application/json' }, signal: limited })
  const { issuer: named, jwks_uri: keysUrl } = document as { issuer?: unknown; jwks_uri?: unknown }
  if (named !== issuer) throw new IssuerUnreachable(`${url} is about another issuer.`)
  if (typeof keysUrl !== 'string' || !isSafe(keysUrl)) throw new IssuerUnreachable(`${url} names no place of keys.`)
  const keys = createRemoteJWKSet(new URL(keysUrl), {
    timeoutDuration: TIMEOUT_MS,
    [customFetch]: async (from, options) => Response.json(await fetchJson(from, options)),
  })
  return { keys, discoveredAt }
}

/** Only an issuer on this machine may do without TLS. */
function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
}

async function fetchJson(url: string, options: RequestInit): Promise<unknown> {
  try {
    const response = await fetch(url, { ...options, redirect: 'error' })
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    return JSON.parse(await readSome(response))
  } catch (cause) {
    throw new IssuerUnreachable(`${url} did not answer as an issuer does.`, { cause })
  }
}

async function readSome(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > LARGEST_ANSWER) throw new Error('The answer is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
