/** What RSA keys are used for, by way of the database. */
import type { EncryptionAlgorithmSpec, MessageType, SigningAlgorithmSpec } from '@steward/model/generated/kms.ts'
import { checkAlgorithm, currentSecret, type KeyCall, mustBeFor } from './encryption.ts'
import { invalid, invalidCiphertext } from './errors.ts'
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
  return rsaSign(privateKeyOf(await currentSecret(call, key)), input.SigningAlgorithm, digest)
}

export async function verify(call: KeyCall, key: Key, input: ToSign, signature: Uint8Array): Promise<boolean> {
  const digest = checkedDigest(key, input, 'Verify')
  return rsaVerify(publicKeyOf(await publicKey(call, key)), input.SigningAlgorithm, digest, signature)
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
