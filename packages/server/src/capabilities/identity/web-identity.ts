/** Tokens of issuers that the account trusts: who they are about, and that they are true. */
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose'
import { findProvider, type OidcProvider, providerUrl } from '#capabilities/iam/index.ts'
import type { OpenCall } from '#kernel/declare.ts'
import { type ClaimedAttributes, claimedAttributes } from './claimed-attributes.ts'
import { expiredIdentityToken, idpUnreachable, invalidIdentityToken } from './errors.ts'
import { discoveredIssuer } from './issuer-keys.ts'
import { IssuerUnreachable } from './issuer-request.ts'

export interface WebIdentity extends ClaimedAttributes {
  readonly provider: OidcProvider
  readonly issuer: string
  readonly subject: string
  readonly audience: string
  /** `<issuer>:sub` and whatever else trust policies may ask about. */
  readonly conditions: Readonly<Record<string, string | readonly string[]>>
  readonly claims: JWTPayload
}

/** Asymmetric ones: a token signed with anything that the issuer publishes in the clear proves nothing. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

/**
 * What the token proves to an account that trusts its issuer. Throws `InvalidIdentityToken`, `ExpiredTokenException`,
 * `IDPCommunicationError`.
 */
export async function provenIdentity(call: OpenCall, account: string, token: string): Promise<WebIdentity> {
  const issuer = issuerOf(token)
  const provider = await providerOf(call, account, issuer)
  const claims = await verified(call, token, issuer, provider.thumbprints)
  const audience = audienceOf(claims, provider)
  if (typeof claims.sub !== 'string' || claims.sub === '') throw invalidIdentityToken('The token has no subject')
  return {
    provider,
    issuer,
    subject: claims.sub,
    audience,
    conditions: conditionsOf(provider, claims, audience),
    ...claimedAttributes(claims),
    claims,
  }
}

function issuerOf(token: string): string {
  try {
    const { iss } = decodeJwt(token)
    if (iss) return iss
  } catch (cause) {
    throw invalidIdentityToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
      cause,
    )
  }
  throw invalidIdentityToken('The token names no issuer')
}

async function providerOf(call: OpenCall, account: string, issuer: string): Promise<OidcProvider> {
  const url = providerUrl(issuer)
  const arn = `arn:aws:iam::${account}:oidc-provider/${url}`
  const provider = url === undefined ? undefined : await call.read((reader) => findProvider(reader, account, arn))
  if (!provider) throw invalidIdentityToken(`No OpenIDConnect provider found in your account for ${issuer}`)
  return provider
}

async function verified(
  call: OpenCall,
  token: string,
  issuer: string,
  thumbprints: readonly string[],
): Promise<JWTPayload> {
  try {
    const { keys, renewKeys } = await discoveredIssuer(issuer, thumbprints, call.signal)
    const options = { issuer, algorithms: ALGORITHMS, currentDate: call.now, requiredClaims: ['exp', 'aud', 'sub'] }
    const payload = async () => (await jwtVerify(token, keys, options)).payload
    return await payload().catch(async (error) => {
      if (!(fitsNoKey(error) && (await renewKeys()))) throw error
      return payload()
    })
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      throw expiredIdentityToken(call.now, new Date((error.payload.exp ?? 0) * 1000))
    if (error instanceof IssuerUnreachable || error instanceof errors.JWKSTimeout) throw idpUnreachable(error)
    throw invalidIdentityToken("Couldn't verify the token with the keys of its issuer", error)
  }
}

/** With newer keys the answer might be another. */
function fitsNoKey(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed
}

/** The party a token was made for, if it says so, counts; otherwise one of its audiences must be known. */
function audienceOf({ aud, azp }: JWTPayload, { clientIds }: OidcProvider): string {
  const offered = typeof azp === 'string' ? [azp] : [aud ?? []].flat()
  const audience = offered.find((one) => clientIds.includes(one))
  if (audience === undefined) throw invalidIdentityToken('Incorrect token audience')
  return audience
}

/** Every claim that is a text or a list of texts can be asked for, the standard ones by AWS's names. */
function conditionsOf({ url }: OidcProvider, claims: JWTPayload, audience: string) {
  const conditions: Record<string, string | readonly string[]> = {}
  for (const [name, value] of Object.entries(claims)) {
    if (typeof value === 'string') conditions[`${url}:${name}`] = value
    else if (Array.isArray(value) && value.every((one) => typeof one === 'string')) conditions[`${url}:${name}`] = value
  }
  return { ...conditions, [`${url}:aud`]: audience, [`${url}:oaud`]: [claims.aud ?? []].flat() }
}
