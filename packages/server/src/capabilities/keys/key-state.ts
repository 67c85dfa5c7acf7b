import type { Call } from '#kernel/declare.ts'
import { keyOfAService, pendingDeletion } from './errors.ts'
import type { Key } from './key.ts'

/** Throws `KMSInvalidStateException` if the key is about to be deleted. */
export function mustNotBePending(key: Key): void {
  if (key.state === 'PendingDeletion') throw pendingDeletion(key.arn)
}

/** A key that a service keeps for the account is changed by the service only; not even the root may. Throws `AccessDeniedException`. */
export function mustBeOwn(key: Key, call: Call, action: string): void {
  if (key.manager === 'AWS') throw keyOfAService(call.principal.arn, action, key.arn)
}
