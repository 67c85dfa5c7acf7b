/** What RSA keys and those of elliptic curves are used for, by way of the database. */
import type { KeyObject } from 'node:crypto'
import type { EncryptionAlgorithmSpec, MessageType, SigningAlgorithmSpec } from '@steward/model/generated/kms.ts'
import { agreed, curveAlgorithm, ecdsaSign, ecdsaVerify } from './elliptic.ts'
import { checkAlgorithm, currentSecret, type KeyCall, mustBeFor } from './encryption.ts'
import { invalid, invalidCiphertext, invalidPublicKey } from './errors.ts'
import type { Key } from './key.ts'
import { findMaterial } from './key-store.ts'
import { digestOf, mostBytes, privateKeyOf, publicKeyOf, rsaDecrypt, rsaEncrypt, rsaSign, rsaVerify } from './rsa.ts'

/** The public key as SubjectPublicKeyInfo. */
export async function publicKey(call: Pick<KeyCall, 'db'>, key: Key): Promise<Uint8Array> {
  return (await findMaterial(call.db, key.keyId, key.currentVersion)).public_key!
}

export async function encryptToKey(
  call: KeyCall,
  key: Key,
  algorithm: EncryptionAlgorithmSpec,
  plain: Uint8Array,
): Promise<Buffer> {
  mustBeFor(key, 'ENCRYPT_DECRYPT', 'Encrypt')
  checkAlgorithm(key, algorithm)
  const publicly = publicKeyOf(await publicKey(call, key))
  const most = mostBytes(publicly, algorithm)
  if (plain.length > most) {
    throw invalid(`Algorithm ${algorithm} and key spec ${key.spec} cannot encrypt data larger than ${most} bytes.`)
  }
  return rsaEncrypt(publicly, algorithm, plain)
}

export async function decryptWithKey(
  call: KeyCall,
  key: Key,
  algorithm: EncryptionAlgorithmSpec,
  ciphertext: Uint8Array,
): Promise<Buffer> {
  mustBeFor(key, 'ENCRYPT_DECRYPT', 'Decrypt')
  checkAlgorithm(key, algorithm)
  const plain = rsaDecrypt(privateKeyOf(await currentSecret(call, key)), algorithm, ciphertext)
  if (!plain) throw invalidCiphertext('It was not encrypted to this key with this algorithm.')
  return plain
}

export interface ToSign {
  readonly SigningAlgorithm: SigningAlgorithmSpec
  readonly Message: Uint8Array
  readonly MessageType?: MessageType | undefined
}

export async function sign(call: KeyCall, key: Key, input: ToSign): Promise<Buffer> {
  const digest = checkedDigest(key, input, 'Sign')
  const secret = privateKeyOf(await currentSecret(call, key))
  return curveAlgorithm(key.spec)
    ? ecdsaSign(key.spec, secret, digest)
    : rsaSign(secret, input.SigningAlgorithm, digest)
}

export async function verify(call: KeyCall, key: Key, input: ToSign, signature: Uint8Array): Promise<boolean> {
  const digest = checkedDigest(key, input, 'Verify')
  const publicly = publicKeyOf(await publicKey(call, key))
  return curveAlgorithm(key.spec)
    ? ecdsaVerify(key.spec, publicly, digest, signature)
    : rsaVerify(publicly, input.SigningAlgorithm, digest, signature)
}

/** What the key and another's public one, as SubjectPublicKeyInfo, come to by ECDH. */
export async function sharedSecret(call: KeyCall, key: Key, theirs: Uint8Array): Promise<Buffer> {
  mustBeFor(key, 'KEY_AGREEMENT', 'DeriveSharedSecret')
  const secret = privateKeyOf(await currentSecret(call, key))
  const shared = agreed(secret, theirPublicKey(theirs))
  if (!shared) throw invalidPublicKey('It is of another curve.')
  return shared
}

function theirPublicKey(der: Uint8Array): KeyObject {
  try {
    return publicKeyOf(der)
  } catch (cause) {
    throw invalidPublicKey('It is no SubjectPublicKeyInfo.', cause)
  }
}

function checkedDigest(
  key: Key,
  { SigningAlgorithm, Message, MessageType = 'RAW' }: ToSign,
  operation: string,
): Buffer {
  mustBeFor(key, 'SIGN_VERIFY', operation)
  checkAlgorithm(key, SigningAlgorithm)
  if (MessageType === 'EXTERNAL_MU') throw invalid('EXTERNAL_MU is for ML-DSA keys only.')
  const digest = digestOf(SigningAlgorithm, Message, MessageType === 'DIGEST')
  if (!digest) throw invalid(`Digest is invalid length for algorithm ${SigningAlgorithm}.`)
  return digest
}
