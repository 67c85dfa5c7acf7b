/**
 * RSA as KMS does it. Node hashes what it signs, but callers may hand in the digest alone; so the last step is the bare RSA operation, and
 * the paddings of RFC 8017 that digests need are made here: DigestInfo for PKCS #1 v1.5 (9.2), EMSA-PSS (9.1) with a salt as long as the digest.
 */
import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  privateDecrypt,
  privateEncrypt,
  publicDecrypt,
  publicEncrypt,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { EncryptionAlgorithmSpec, SigningAlgorithmSpec } from '@steward/model/generated/kms.ts'

type Hash = 'sha256' | 'sha384' | 'sha512'

const DIGEST_BYTES: Readonly<Record<Hash, number>> = { sha256: 32, sha384: 48, sha512: 64 }

/** DER of a DigestInfo up to the digest. */
const DIGEST_INFO: Readonly<Record<Hash, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
}

export function privateKeyOf(secret: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' })
}

export function publicKeyOf(der: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
}

function oaep(algorithm: EncryptionAlgorithmSpec): { padding: number; oaepHash: string } {
  return {
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: algorithm === 'RSAES_OAEP_SHA_1' ? 'sha1' : 'sha256',
  }
}

/** How many bytes one encryption takes (RFC 8017, 7.1.1). */
export function mostBytes(key: KeyObject, algorithm: EncryptionAlgorithmSpec): number {
  return modulusBytes(key) - 2 * (algorithm === 'RSAES_OAEP_SHA_1' ? 20 : 32) - 2
}

export function rsaEncrypt(key: KeyObject, algorithm: EncryptionAlgorithmSpec, plain: Uint8Array): Buffer {
  return publicEncrypt({ key, ...oaep(algorithm) }, plain)
}

/** Undefined if it does not decrypt. */
export function rsaDecrypt(
  key: KeyObject,
  algorithm: EncryptionAlgorithmSpec,
  ciphertext: Uint8Array,
): Buffer | undefined {
  try {
    return privateDecrypt({ key, ...oaep(algorithm) }, ciphertext)
  } catch {
    return undefined
  }
}

function hashOf(algorithm: SigningAlgorithmSpec): Hash {
  return `sha${algorithm.slice(-3)}` as Hash
}

/** The digest of a message, or the message itself where it is the digest; undefined if that has not the right length. */
export function digestOf(algorithm: SigningAlgorithmSpec, message: Uint8Array, isDigest: boolean): Buffer | undefined {
  const name = hashOf(algorithm)
  if (!isDigest) return hash(name, message, 'buffer')
  return message.length === DIGEST_BYTES[name] ? Buffer.from(message) : undefined
}

export function rsaSign(key: KeyObject, algorithm: SigningAlgorithmSpec, digest: Buffer): Buffer {
  const name = hashOf(algorithm)
  if (!algorithm.includes('PSS')) {
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo(name, digest))
  }
  const encoded = encodePss(name, digest, modulusBits(key) - 1, randomBytes(DIGEST_BYTES[name]))
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, padded(encoded, modulusBytes(key)))
}

export function rsaVerify(
  key: KeyObject,
  algorithm: SigningAlgorithmSpec,
  digest: Buffer,
  signature: Uint8Array,
): boolean {
  const name = hashOf(algorithm)
  if (signature.length !== modulusBytes(key)) return false
  try {
    if (!algorithm.includes('PSS')) {
      const found = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature)
      return equal(found, digestInfo(name, digest))
    }
    const encoded = publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature)
    return isPssOf(name, digest, modulusBits(key) - 1, encoded)
  } catch {
    return false
  }
}

function digestInfo(name: Hash, digest: Buffer): Buffer {
  return Buffer.concat([Buffer.from(DIGEST_INFO[name], 'hex'), digest])
}

/** EMSA-PSS-ENCODE for `bits` bits. */
function encodePss(name: Hash, digest: Buffer, bits: number, salt: Buffer): Buffer {
  const length = Math.ceil(bits / 8)
  const h = pssHash(name, digest, salt)
  const db = Buffer.concat([Buffer.alloc(length - salt.length - h.length - 2), Buffer.of(1), salt])
  const masked = xor(db, mask(name, h, db.length))
  masked[0]! &= 0xff >> (8 * length - bits)
  return Buffer.concat([masked, h, Buffer.of(0xbc)])
}

/** EMSA-PSS-VERIFY; `encoded` may have a zero byte in front, where `bits` is a multiple of 8. */
function isPssOf(name: Hash, digest: Buffer, bits: number, encoded: Buffer): boolean {
  const length = Math.ceil(bits / 8)
  const em = encoded.subarray(encoded.length - length)
  const hashBytes = DIGEST_BYTES[name]
  const masked = em.subarray(0, length - hashBytes - 1)
  const h = em.subarray(masked.length, -1)
  const db = xor(masked, mask(name, h, masked.length))
  db[0]! &= 0xff >> (8 * length - bits)
  const salt = db.subarray(-hashBytes)
  return equal(em.subarray(-1), Buffer.of(0xbc)) && equal(em, reencoded()) && equal(h, pssHash(name, digest, salt))

  // Everything but the salt is determined, so encoding it again is the check of all paddings at once.
  function reencoded(): Buffer {
    return encodePss(name, digest, bits, salt)
  }
}

function pssHash(name: Hash, digest: Buffer, salt: Buffer): Buffer {
  return createHash(name).update(Buffer.alloc(8)).update(digest).update(salt).digest()
}

/** MGF1. */
function mask(name: Hash, seed: Buffer, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / DIGEST_BYTES[name]) }, (_, i) => {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(i)
    return createHash(name).update(seed).update(counter).digest()
  })
  return Buffer.concat(blocks).subarray(0, length)
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ b[i]!))
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

function padded(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([Buffer.alloc(length - bytes.length), bytes])
}

function modulusBits(key: KeyObject): number {
  return key.asymmetricKeyDetails!.modulusLength!
}

function modulusBytes(key: KeyObject): number {
  return modulusBits(key) / 8
}
