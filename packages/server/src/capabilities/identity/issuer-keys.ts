/**
 * The keys with which issuers of web identities sign, fetched from where their discovery document says and kept for a while. All of
 * this is network: never called within a transaction. Answers that are slow are given up.
 */
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'
import { fetchJson, IssuerUnreachable } from './issuer-request.ts'

const TIMEOUT_MS = 5000
const KEPT_ISSUERS = 100
const DISCOVERY_MS = 3_600_000
const MINUTE_MS = 60_000
const RENEWALS_A_MINUTE = 10

export interface Issuer {
  readonly keys: JWTVerifyGetKey
  /**
   * Fetches the keys anew, for a token that does not fit them: the issuer may have changed them since. Not for every such token, since
   * anybody can make those: false if it was done often enough within the minute.
   */
  readonly renewKeys: () => Promise<boolean>
  /** Where people sign in, and where what they bring back is exchanged; undefined if it does not say, or not safely. */
  readonly authorizationEndpoint: string | undefined
  readonly tokenEndpoint: string | undefined
  readonly discoveredAt: number
}

const issuers = new Map<string, Promise<Issuer>>()

/** What the issuer says of itself. `issuer` is the token's `iss`, which the account must trust by now. Throws `IssuerUnreachable`. */
export async function discoveredIssuer(
  issuer: string,
  thumbprints: readonly string[],
  signal: AbortSignal,
): Promise<Issuer> {
  const now = performance.now()
  // Whom somebody trusts by a thumbprint is nothing to those who wrote down another.
  const key = [issuer, ...thumbprints].join(' ')
  const known = await issuers.get(key)?.catch(() => undefined)
  if (known && now - known.discoveredAt < DISCOVERY_MS) return known
  const discovery = discover(issuer, thumbprints, now, signal)
  issuers.delete(key)
  if (issuers.size >= KEPT_ISSUERS) issuers.delete(issuers.keys().next().value!)
  issuers.set(key, discovery)
  try {
    return await discovery
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
  const { issuer: named, jwks_uri: keysUrl, ...more } = document as Readonly<Record<string, unknown>>
  if (named !== issuer) throw new IssuerUnreachable(`${url} is about another issuer.`)
  if (!isSafe(keysUrl)) throw new IssuerUnreachable(`${url} names no place of keys.`)
  const keys = createRemoteJWKSet(new URL(keysUrl), {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: Number.POSITIVE_INFINITY,
    [customFetch]: async (from, options) => Response.json(await fetchJson(from, thumbprints, options.signal)),
  })
  const { authorization_endpoint: authorization, token_endpoint: token } = more
  return {
    keys,
    renewKeys: sparingly(() => keys.reload()),
    authorizationEndpoint: isSafe(authorization) ? authorization : undefined,
    tokenEndpoint: isSafe(token) ? token : undefined,
    discoveredAt,
  }
}

function sparingly(reload: () => Promise<void>): () => Promise<boolean> {
  let since = 0
  let renewals = 0
  return async () => {
    const now = performance.now()
    if (now - since > MINUTE_MS) [since, renewals] = [now, 0]
    if (++renewals > RENEWALS_A_MINUTE) return false
    await reload()
    return true
  }
}

/** Only an issuer on this machine may do without TLS. */
function isSafe(url: unknown): url is string {
  if (typeof url !== 'string' || !URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
}
