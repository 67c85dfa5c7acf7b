import { createHmac } from 'node:crypto'
import type { MacAlgorithmSpec } from '@steward/model/generated/kms.ts'
import { checkAlgorithm, currentSecret, type KeyCall, mustBeFor } from './encryption.ts'
import type { Key } from './key.ts'

export async function macOf(
  call: KeyCall,
  key: Key,
  input: { readonly Message: Uint8Array; readonly MacAlgorithm: MacAlgorithmSpec },
  operation: string,
): Promise<Buffer> {
  mustBeFor(key, 'GENERATE_VERIFY_MAC', operation)
  checkAlgorithm(key, input.MacAlgorithm)
  const secret = await currentSecret(call, key)
  return createHmac(input.MacAlgorithm.replace('HMAC_SHA_', 'sha'), secret).update(input.Message).digest()
}
