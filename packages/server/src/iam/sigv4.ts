/**
 * Verification of AWS Signature Version 4. Pure: the caller hands in the request, the instant, and the secret. Everything
 * that is refused is refused in the words of AWS's JSON services.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type SentRequest, sha256, signatureDate, signingKey, stringToSign } from '@steward/protocol/signature.ts'
import type { ApiError } from '#kernel/api-error.ts'
import { type Claim, invalidSignature, SKEW_MINUTES } from './claim.ts'

const CACHED_KEYS = 4096
const OWN_PORT = /:(443|80)$/

export interface SignedRequest extends SentRequest {
  readonly body: Uint8Array
}

/** Refuses a claim that was made for another service. */
export function checkService(claim: Claim, service: string): void {
  if (claim.service !== service)
    throw invalidSignature(`Credential should be scoped to correct service: '${service}'. `)
}

/**
 * Why a claim is refused whose time is not now: five minutes either way, or the life of a presigned request. Undefined if its
 * time is good. Times are those of the two clocks, so that a person sees which one is wrong.
 */
export function timeRefusal(claim: Claim, now: Date): ApiError | undefined {
  const signed = instantOf(claim.timestamp)
  const at = (milliseconds: number) => signatureDate(new Date(now.getTime() + milliseconds))
  const { timestamp, day, lifeSeconds } = claim
  if (signed + lifeSeconds * 1000 < now.getTime()) {
    const life = lifeSeconds % 60 === 0 ? `${lifeSeconds / 60} min.` : `${lifeSeconds} s.`
    const limit = at(-lifeSeconds * 1000)
    return invalidSignature(`Signature expired: ${timestamp} is now earlier than ${limit} (${at(0)} - ${life})`)
  }
  const skew = SKEW_MINUTES * 60_000
  if (signed - skew > now.getTime()) {
    return invalidSignature(
      `Signature not yet current: ${timestamp} is still later than ${at(skew)} (${at(0)} + ${SKEW_MINUTES} min.)`,
    )
  }
  if (!timestamp.startsWith(day)) {
    return invalidSignature(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${day}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`,
    )
  }
  return undefined
}

/** Refuses the request unless `secret` made its signature. */
export function checkSignature(request: SignedRequest, claim: Claim, secret: string): void {
  const sign = signerOf(secret, claim)
  const given = Buffer.from(claim.signature)
  const matches = (expected: string) =>
    given.length === expected.length && timingSafeEqual(given, Buffer.from(expected))
  if (signedTexts(request, claim).some((text) => matches(sign(text)))) return
  throw invalidSignature(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
      'and signing method. Consult the service documentation for details.',
  )
}

/** Signs texts as the claim's own signature was made; gives hexadecimal digits. */
export function signerOf(secret: string, claim: Claim): (text: string) => string {
  const key = cachedKey(secret, claim)
  return (text) => createHmac('sha256', key).update(text).digest('hex')
}

/**
 * The texts of which the signature must have signed one; managed nodes sign it with their RSA key. They differ in the host: some
 * signers leave out a port that is the scheme's own, and send it all the same.
 */
export function signedTexts(request: SignedRequest, claim: Claim): string[] {
  if (!claim.signedHeaders.includes('host')) {
    throw invalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
  }
  const hash = bodyHash(request, claim)
  const asSent = stringToSign(request, claim, hash)
  const { host } = request.headers
  if (typeof host !== 'string' || !OWN_PORT.test(host)) return [asSent]
  const headers = { ...request.headers, host: host.replace(OWN_PORT, '') }
  return [asSent, stringToSign({ ...request, headers }, claim, hash)]
}

/** The body is hashed; only S3's callers say themselves what stands for it, which is held against the body as that is read. */
function bodyHash({ headers, body }: SignedRequest, { service }: Claim): string {
  if (service !== 's3') return sha256(body)
  const stated = headers['x-amz-content-sha256']
  return typeof stated === 'string' ? stated : 'UNSIGNED-PAYLOAD'
}

const keys = new Map<string, Buffer>()

/** Deriving a key takes four HMACs, so the keys of the day are remembered. The secret itself is part of the cache's key. */
function cachedKey(secret: string, claim: Claim): Buffer {
  const id = `${secret}/${claim.day}/${claim.region}/${claim.service}`
  const known = keys.get(id)
  if (known) return known
  if (keys.size >= CACHED_KEYS) keys.delete(keys.keys().next().value!)
  const key = signingKey(secret, claim)
  keys.set(id, key)
  return key
}

/** Epoch milliseconds. */
function instantOf(timestamp: string): number {
  const part = (from: number, to: number) => Number(timestamp.slice(from, to))
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(9, 11), part(11, 13), part(13, 15))
}
