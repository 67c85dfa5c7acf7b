/**
 * The keys with which issuers of web identities sign, fetched from where their discovery document says and kept for a while. All of
 * this is network: never called within a transaction. Answers that are slow are given up.
 */
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'
import { fetchJson, IssuerUnreachable } from './issuer-request.ts'

const TIMEOUT_MS = 5000
const KEPT_ISSUERS = 100
const DISCOVERY_MS = 3_600_000

interface Issuer {
  readonly keys: JWTVerifyGetKey
  readonly discoveredAt: number
}

const issuers = new Map<string, Promise<Issuer>>()

/** `issuer` is the token's `iss`, which the account must trust by now. Throws `IssuerUnreachable`. */
export async function keysOf(
  issuer: string,
  thumbprints: readonly string[],
  signal: AbortSignal,
): Promise<JWTVerifyGetKey> {
  const now = performance.now()
  // Whom somebody trusts by a thumbprint is nothing to those who wrote down another.
  const key = [issuer, ...thumbprints].join(' ')
  const known = await issuers.get(key)?.catch(() => undefined)
  if (known && now - known.discoveredAt < DISCOVERY_MS) return known.keys
  const discovery = discover(issuer, thumbprints, now, signal)
  issuers.delete(key)
  if (issuers.size >= KEPT_ISSUERS) issuers.delete(issuers.keys().next().value!)
  issuers.set(key, discovery)
  try {
    return (await discovery).keys
  } catch (error) {
    if (issuers.get(key) === discovery) issuers.delete(key)
    throw error
  }
}

async function discover(
  issuer: string,
  thumbprints: readonly string[],
  discoveredAt: number,
  signal: AbortSignal,
): Promise<Issuer> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const document = await fetchJson(url, thumbprints, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]))
  const { issuer: named, jwks_uri: keysUrl } = document as { issuer?: unknown; jwks_uri?: unknown }
  if (named !== issuer) throw new IssuerUnreachable(`${url} is about another issuer.`)
  if (typeof keysUrl !== 'string' || !isSafe(keysUrl)) throw new IssuerUnreachable(`${url} names no place of keys.`)
  const keys = createRemoteJWKSet(new URL(keysUrl), {
    timeoutDuration: TIMEOUT_MS,
    [customFetch]: async (from, options) => Response.json(await fetchJson(from, thumbprints, options.signal)),
  })
  return { keys, discoveredAt }
}

/** Only an issuer on this machine may do without TLS. */
function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
}
