import { checkMfa } from '#capabilities/iam/index.ts'
import type { OpenCall } from '#kernel/declare.ts'
import { accessDenied, validationError, wrongCode } from './errors.ts'

export interface SecondFactor {
  readonly SerialNumber?: string | undefined
  readonly TokenCode?: string | undefined
}

/** The condition keys of a request with a code. The code is checked before anything comes of it. */
export function secondFactorConditions({ SerialNumber, TokenCode }: SecondFactor): Record<string, string> {
  if (SerialNumber === undefined || TokenCode === undefined) return {}
  return { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '0' }
}

/**
 * When the caller proved itself with the code of its device; undefined if it sent none. A wrong code is refused, and counted in a
 * transaction of its own that the refusal does not undo.
 */
export async function checkSecondFactor(call: OpenCall, factor: SecondFactor): Promise<number | undefined> {
  const { SerialNumber: serialNumber, TokenCode: code } = factor
  if (serialNumber === undefined && code === undefined) return undefined
  if (serialNumber === undefined || code === undefined) {
    throw validationError('SerialNumber and TokenCode are given together or not at all.')
  }
  const { principal, vault, now } = call
  if (principal.kind !== 'user') {
    throw accessDenied('MultiFactorAuthentication failed, only users have devices that are checked here. ')
  }
  const { account, userId } = principal
  const proven = await call.write((tx) => checkMfa(tx, vault, now, { account, userId, serialNumber, code }))
  if (!proven) throw wrongCode()
  return now.getTime()
}
