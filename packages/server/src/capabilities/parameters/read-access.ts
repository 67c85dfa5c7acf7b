/** What reading decrypted values demands beyond the parameters themselves: the keys they are encrypted under. */
import { ApiError } from '#kernel/api-error.ts'
import type { Access, Call } from '#kernel/declare.ts'
import { lookUp } from './look-up.ts'
import type { ParameterRef } from './name.ts'
import { decryptAccess } from './secure-string.ts'
import type { VersionTable } from './tables.ts'

/** `access`, and `kms:Decrypt` on the keys of those of the parameters that are SecureStrings. */
export async function accessDecrypted(call: Call, access: Access, refs: readonly ParameterRef[]): Promise<Access[]> {
  // Nothing is refused to the root of an account, so it need not be looked up.
  if (call.principal.kind === 'root') return [access]
  const rows = await Promise.all(refs.map((ref) => versionIfAny(call, ref)))
  return [access, ...(await decryptAccess(call, rows.flat()))]
}

/** What is not there has no key; that it is not there, the answer says. */
async function versionIfAny(call: Call, ref: ParameterRef): Promise<VersionTable[]> {
  try {
    return [(await lookUp(call.db, ref)).row]
  } catch (error) {
    if (error instanceof ApiError) return []
    throw error
  }
}
