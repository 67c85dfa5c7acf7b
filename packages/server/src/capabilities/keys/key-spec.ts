import type { EncryptionAlgorithmSpec, KeySpec, KeyUsageType, MacAlgorithmSpec } from '@steward/model/generated/kms.ts'
import { invalid, unsupported } from './errors.ts'

/** What a kind of key is for: the usages it may be made for, the first being the only one if there is no choice. */
const USAGES: Partial<Record<KeySpec, readonly KeyUsageType[]>> = {
  SYMMETRIC_DEFAULT: ['ENCRYPT_DECRYPT'],
  HMAC_224: ['GENERATE_VERIFY_MAC'],
  HMAC_256: ['GENERATE_VERIFY_MAC'],
  HMAC_384: ['GENERATE_VERIFY_MAC'],
  HMAC_512: ['GENERATE_VERIFY_MAC'],
}

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

export function encryptionAlgorithms(spec: KeySpec, usage: KeyUsageType): EncryptionAlgorithmSpec[] | undefined {
  return usage === 'ENCRYPT_DECRYPT' && spec === 'SYMMETRIC_DEFAULT' ? ['SYMMETRIC_DEFAULT'] : undefined
}

export function macAlgorithms(spec: KeySpec): MacAlgorithmSpec[] | undefined {
  return spec.startsWith('HMAC_') ? [spec.replace('HMAC_', 'HMAC_SHA_') as MacAlgorithmSpec] : undefined
}
