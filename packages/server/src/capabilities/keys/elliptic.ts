/**
 * ECDSA as KMS does it (FIPS 186-5, 6.4). Node hashes what it signs, but callers may hand in the digest alone; so the arithmetic behind the
 * digest is done here. Bigints take a time that depends on them: OpenSSL draws the secret numbers and multiplies the generator by them,
 * and the private key and the nonce are only ever multiplied by a random number first. Verifying touches nothing secret.
 */
import { createECDH, diffieHellman, type KeyObject } from 'node:crypto'
import type { DataKeyPairSpec, KeySpec, SigningAlgorithmSpec } from '@steward/model/generated/kms.ts'

interface Curve {
  /** OpenSSL's name of it. */
  readonly name: string
  /** The bits of the field's prime, in bytes. */
  readonly bytes: number
  readonly prime: bigint
  /** Of y² = x³ + ax + b. */
  readonly a: bigint
  /** How many points there are. */
  readonly order: bigint
  readonly algorithm: SigningAlgorithmSpec
}

/** SEC 2, 2.4.1, 2.4.2, 2.5.1 and 2.6.1. */
const CURVES: Partial<Record<KeySpec, Curve>> = {
  ECC_NIST_P256: {
    name: 'prime256v1',
    bytes: 32,
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    a: -3n,
    order: 0xffffffff_00000000_ffffffff_ffffffff_bce6faad_a7179e84_f3b9cac2_fc632551n,
    algorithm: 'ECDSA_SHA_256',
  },
  ECC_NIST_P384: {
    name: 'secp384r1',
    bytes: 48,
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    a: -3n,
    order:
      0xffffffff_ffffffff_ffffffff_ffffffff_ffffffff_ffffffff_c7634d81_f4372ddf_581a0db2_48b0a77a_ecec196a_ccc52973n,
    algorithm: 'ECDSA_SHA_384',
  },
  ECC_NIST_P521: {
    name: 'secp521r1',
    bytes: 66,
    prime: 2n ** 521n - 1n,
    a: -3n,
    order: 2n ** 521n - 0x5ae79787c_40d06994_8033feb7_08f65a2f_c44a3647_7663b851_449048e1_6ec79bf7n,
    algorithm: 'ECDSA_SHA_512',
  },
  ECC_SECG_P256K1: {
    name: 'secp256k1',
    bytes: 32,
    prime: 2n ** 256n - 2n ** 32n - 977n,
    a: 0n,
    order: 0xffffffff_ffffffff_ffffffff_fffffffe_baaedce6_af48a03b_bfd25e8c_d0364141n,
    algorithm: 'ECDSA_SHA_256',
  },
}

/** OpenSSL's name of the curve. Undefined for keys that are not of one. */
export function curveName(spec: KeySpec | DataKeyPairSpec): string | undefined {
  return CURVES[spec]?.name
}

/** The one algorithm that keys of this kind sign with. Undefined for keys that are not of a curve. */
export function curveAlgorithm(spec: KeySpec): SigningAlgorithmSpec | undefined {
  return CURVES[spec]?.algorithm
}

/** DER of the signature. The digest is as long as the algorithm of the curve makes it. */
export function ecdsaSign(spec: KeySpec, key: KeyObject, digest: Buffer): Buffer {
  const { name, bytes, order } = CURVES[spec]!
  const secret = fromBase64(key.export({ format: 'jwk' }).d!)
  for (;;) {
    const nonce = createECDH(name)
    const r = number(nonce.generateKeys().subarray(1, 1 + bytes)) % order
    const blind = randomBelowOrder(name)
    const blinded = (number(nonce.getPrivateKey()) * blind) % order
    const s = (inverse(blinded, order) * (blind * number(digest) + ((blind * secret) % order) * r)) % order
    if (r !== 0n && s !== 0n) return toDer(r, s)
  }
}

export function ecdsaVerify(spec: KeySpec, key: KeyObject, digest: Buffer, signature: Uint8Array): boolean {
  const curve = CURVES[spec]!
  const { order } = curve
  const [r, s] = fromDer(Buffer.from(signature)) ?? [0n, 0n]
  if (r <= 0n || r >= order || s <= 0n || s >= order) return false
  const w = inverse(s, order)
  const { x, y } = key.export({ format: 'jwk' })
  const ofKey = times(curve, (r * w) % order, [fromBase64(x!), fromBase64(y!), 1n])
  const [X, , Z] = plus(curve, ofGenerator(curve, (number(digest) * w) % order), ofKey)
  // x = X / Z², and r is x modulo the order, which is a little less than the prime.
  const isX = (x: bigint) => x < curve.prime && modulo(X - x * Z * Z, curve.prime) === 0n
  return Z !== 0n && (isX(r) || isX(r + order))
}

/** What both sides of a key agreement come to. Undefined if the other key is of another curve, or of none. */
export function agreed(privateKey: KeyObject, publicKey: KeyObject): Buffer | undefined {
  const curve = privateKey.asymmetricKeyDetails?.namedCurve
  if (publicKey.asymmetricKeyType !== 'ec' || publicKey.asymmetricKeyDetails?.namedCurve !== curve) return undefined
  return diffieHellman({ privateKey, publicKey })
}

/** A point in Jacobian coordinates: (X / Z², Y / Z³), or infinity where Z is 0. */
type Point = readonly [bigint, bigint, bigint]

const INFINITY: Point = [0n, 1n, 0n]

function ofGenerator({ name, bytes }: Curve, factor: bigint): Point {
  if (factor === 0n) return INFINITY
  const ecdh = createECDH(name)
  ecdh.setPrivateKey(Buffer.from(factor.toString(16).padStart(2 * bytes, '0'), 'hex'))
  const point = ecdh.getPublicKey()
  return [number(point.subarray(1, 1 + bytes)), number(point.subarray(1 + bytes)), 1n]
}

function times(curve: Curve, factor: bigint, point: Point): Point {
  let product = INFINITY
  for (const bit of factor.toString(2)) {
    product = twice(curve, product)
    if (bit === '1') product = plus(curve, product, point)
  }
  return product
}

function twice({ prime, a }: Curve, [x, y, z]: Point): Point {
  const yy = (y * y) % prime
  const s = (4n * x * yy) % prime
  const zz = (z * z) % prime
  const m = modulo(3n * x * x + a * zz * zz, prime)
  const doubled = modulo(m * m - 2n * s, prime)
  return [doubled, modulo(m * (s - doubled) - 8n * yy * yy, prime), (2n * y * z) % prime]
}

function plus(curve: Curve, one: Point, other: Point): Point {
  const { prime } = curve
  const [[x1, y1, z1], [x2, y2, z2]] = [one, other]
  if (z1 === 0n) return other
  if (z2 === 0n) return one
  const [zz1, zz2] = [(z1 * z1) % prime, (z2 * z2) % prime]
  const [u1, u2] = [(x1 * zz2) % prime, (x2 * zz1) % prime]
  const [s1, s2] = [(y1 * z2 * zz2) % prime, (y2 * z1 * zz1) % prime]
  if (u1 === u2) return s1 === s2 ? twice(curve, one) : INFINITY
  const h = u2 - u1
  const r = s2 - s1
  const hh = (h * h) % prime
  const hhh = (h * hh) % prime
  const v = (u1 * hh) % prime
  const x = modulo(r * r - hhh - 2n * v, prime)
  return [x, modulo(r * (v - x) - s1 * hhh, prime), modulo(h * z1 * z2, prime)]
}

function randomBelowOrder(curve: string): bigint {
  const ecdh = createECDH(curve)
  ecdh.generateKeys()
  return number(ecdh.getPrivateKey())
}

function inverse(of: bigint, modulus: bigint): bigint {
  let [a, b] = [modulus, of]
  let [x, y] = [0n, 1n]
  while (b !== 0n) {
    const quotient = a / b
    ;[a, b] = [b, a - quotient * b]
    ;[x, y] = [y, x - quotient * y]
  }
  return modulo(x, modulus)
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus
  return rest < 0n ? rest + modulus : rest
}

function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

function fromBase64(text: string): bigint {
  return number(Buffer.from(text, 'base64url'))
}

const SEQUENCE = 0x30
const INTEGER = 0x02

function toDer(r: bigint, s: bigint): Buffer {
  return element(SEQUENCE, Buffer.concat([integer(r), integer(s)]))
}

function integer(value: bigint): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.padStart(2 * Math.ceil(hex.length / 2), '0'), 'hex')
  return element(INTEGER, bytes[0]! & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes)
}

function element(tag: number, content: Buffer): Buffer {
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length]
  return Buffer.concat([Buffer.of(tag, ...length), content])
}

/** The two numbers of a signature. Undefined unless the text is the one DER that they have. */
function fromDer(der: Buffer): [bigint, bigint] | undefined {
  const at = der[1] === 0x81 ? 3 : 2
  const length = der[at + 1] ?? 0
  const r = der.subarray(at + 2, at + 2 + length)
  const s = der.subarray(at + 4 + length)
  if (r.length === 0 || s.length === 0) return undefined
  const numbers: [bigint, bigint] = [number(r), number(s)]
  return toDer(...numbers).equals(der) ? numbers : undefined
}
