/**
 * ECDSA and ECDH as KMS does them. Node signs messages only and hashes them itself, but callers may hand in the digest alone; so signatures are
 * made and checked by a library that takes digests.
 */
import { diffieHellman, type KeyObject } from 'node:crypto'
import type { ECDSA } from '@noble/curves/abstract/weierstrass.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { DataKeyPairSpec, KeySpec, SigningAlgorithmSpec } from '@steward/model/generated/kms.ts'

interface Curve {
  /** OpenSSL's name of it. */
  readonly name: string
  readonly ecdsa: ECDSA
  readonly algorithm: SigningAlgorithmSpec
}

const CURVES: Partial<Record<KeySpec, Curve>> = {
  ECC_NIST_P256: { name: 'prime256v1', ecdsa: p256, algorithm: 'ECDSA_SHA_256' },
  ECC_NIST_P384: { name: 'secp384r1', ecdsa: p384, algorithm: 'ECDSA_SHA_384' },
  ECC_NIST_P521: { name: 'secp521r1', ecdsa: p521, algorithm: 'ECDSA_SHA_512' },
  ECC_SECG_P256K1: { name: 'secp256k1', ecdsa: secp256k1, algorithm: 'ECDSA_SHA_256' },
}

/** OpenSSL's name of the curve. Undefined for keys that are not of one. */
export function curveName(spec: KeySpec | DataKeyPairSpec): string | undefined {
  return CURVES[spec]?.name
}

/** The one algorithm that keys of this kind sign with. Undefined for keys that are not of a curve. */
export function curveAlgorithm(spec: KeySpec): SigningAlgorithmSpec | undefined {
  return CURVES[spec]?.algorithm
}

/** Of digests, in DER, and with the larger of the two possible numbers too, as others sign. */
const HOW = { prehash: false, lowS: false, format: 'der' } as const

/** DER of the signature. The digest is as long as the algorithm of the curve makes it. */
export function ecdsaSign(spec: KeySpec, key: KeyObject, digest: Buffer): Buffer {
  const { d } = key.export({ format: 'jwk' })
  return Buffer.from(CURVES[spec]!.ecdsa.sign(digest, Buffer.from(d!, 'base64url'), HOW))
}

export function ecdsaVerify(spec: KeySpec, key: KeyObject, digest: Buffer, signature: Uint8Array): boolean {
  const { x, y } = key.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.of(UNCOMPRESSED), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')])
  return CURVES[spec]!.ecdsa.verify(signature, digest, point, HOW)
}

/** Before both coordinates of a point (SEC 1, 2.3.3). */
const UNCOMPRESSED = 4

/** What both sides of a key agreement come to. Undefined if the other key is of another curve, or of none. */
export function agreed(privateKey: KeyObject, publicKey: KeyObject): Buffer | undefined {
  const curve = privateKey.asymmetricKeyDetails?.namedCurve
  if (publicKey.asymmetricKeyType !== 'ec' || publicKey.asymmetricKeyDetails?.namedCurve !== curve) return undefined
  return diffieHellman({ privateKey, publicKey })
}
