/** What a grant can allow with a key; mirrored from packages/server/src/capabilities/keys/grant.ts. */
import type { GrantOperation, KeyMetadata } from '@aws-sdk/client-kms'

const FOR_ENCRYPTION: readonly GrantOperation[] = [
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
]
const FOR_USAGE: Readonly<Record<string, readonly GrantOperation[]>> = {
  ENCRYPT_DECRYPT: ['Decrypt', 'Encrypt', 'GetPublicKey', 'ReEncryptFrom', 'ReEncryptTo'],
  SIGN_VERIFY: ['GetPublicKey', 'Sign', 'Verify'],
  KEY_AGREEMENT: ['DeriveSharedSecret', 'GetPublicKey'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
}
const FOR_ALL: readonly GrantOperation[] = ['DescribeKey', 'CreateGrant', 'RetireGrant']

export function grantOperations({ KeySpec, KeyUsage }: KeyMetadata): readonly GrantOperation[] {
  const own = KeySpec === 'SYMMETRIC_DEFAULT' ? FOR_ENCRYPTION : (FOR_USAGE[KeyUsage ?? ''] ?? [])
  return [...own, ...FOR_ALL]
}
