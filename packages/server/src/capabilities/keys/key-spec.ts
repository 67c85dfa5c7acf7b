import type {
  EncryptionAlgorithmSpec,
  KeyAgreementAlgorithmSpec,
  KeySpec,
  KeyUsageType,
  MacAlgorithmSpec,
  SigningAlgorithmSpec,
} from '@steward/model/generated/kms.ts'
import { curveAlgorithm } from './elliptic.ts'
import { invalid, unsupported } from './errors.ts'

/** The kinds of keys that there are, and the usages that each may be made for. */
const USAGES: Partial<Record<KeySpec, readonly KeyUsageType[]>> = {
  SYMMETRIC_DEFAULT: ['ENCRYPT_DECRYPT'],
  HMAC_224: ['GENERATE_VERIFY_MAC'],
  HMAC_256: ['GENERATE_VERIFY_MAC'],
  HMAC_384: ['GENERATE_VERIFY_MAC'],
  HMAC_512: ['GENERATE_VERIFY_MAC'],
  RSA_2048: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  RSA_3072: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  RSA_4096: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  ECC_NIST_P256: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  ECC_NIST_P384: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  ECC_NIST_P521: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  ECC_SECG_P256K1: ['SIGN_VERIFY'],
}

const RSA_ENCRYPTION: EncryptionAlgorithmSpec[] = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256']
const RSA_SIGNING: SigningAlgorithmSpec[] = [
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
]

/**
 * Throws `UnsupportedOperationException` for kinds of keys that are not built, `ValidationException` for a usage that the kind is not for.
 */
export function checkUsage(spec: KeySpec, usage: KeyUsageType | undefined): KeyUsageType {
  const usages = USAGES[spec]
  if (!usages) throw unsupported(`Keys of the spec ${spec} are not built into Steward yet.`)
  if (!usage && spec !== 'SYMMETRIC_DEFAULT')
    throw invalid('You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.')
  const wanted = usage ?? 'ENCRYPT_DECRYPT'
  if (!usages.includes(wanted)) throw invalid(`KeyUsage ${wanted} is not compatible with KeySpec ${spec}`)
  return wanted
}

/** What a key of this kind and usage does, member by member of `KeyMetadata` and `GetPublicKey`. */
export function algorithmsOf(spec: KeySpec, usage: KeyUsageType) {
  const rsa = spec.startsWith('RSA_')
  return {
    EncryptionAlgorithms: usage === 'ENCRYPT_DECRYPT' ? (rsa ? RSA_ENCRYPTION : SYMMETRIC) : undefined,
    SigningAlgorithms: usage === 'SIGN_VERIFY' ? signingAlgorithms(spec) : undefined,
    KeyAgreementAlgorithms: usage === 'KEY_AGREEMENT' ? KEY_AGREEMENT : undefined,
    MacAlgorithms:
      usage === 'GENERATE_VERIFY_MAC' ? [spec.replace('HMAC_', 'HMAC_SHA_') as MacAlgorithmSpec] : undefined,
  }
}

function signingAlgorithms(spec: KeySpec): SigningAlgorithmSpec[] {
  const ofCurve = curveAlgorithm(spec)
  return ofCurve ? [ofCurve] : RSA_SIGNING
}

/** Whether a key of this kind has a public half. */
export function isAsymmetric(spec: KeySpec): boolean {
  return spec.startsWith('RSA_') || curveAlgorithm(spec) !== undefined
}

const SYMMETRIC: EncryptionAlgorithmSpec[] = ['SYMMETRIC_DEFAULT']
const KEY_AGREEMENT: KeyAgreementAlgorithmSpec[] = ['ECDH']
