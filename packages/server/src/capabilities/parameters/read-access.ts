/** What reading decrypted values demands beyond the parameters themselves: the keys they are encrypted under. */
import { ApiError } from '#kernel/api-error.ts'
import type { Access, Call } from '#kernel/declare.ts'
import { lookUp } from './look-up.ts'
import { parseReference } from './name.ts'
import { decryptAccess } from './secure-string.ts'
import type { VersionTable } from './tables.ts'

/** `access`, and `kms:Decrypt` on the keys of those of the parameters that are SecureStrings. */
export async function accessDecrypted(call: Call, access: Access, names: readonly string[]): Promise<Access[]> {
  // Nothing is refused to the root of an account, so it need not be looked up.
  if (call.principal.kind === 'root') return [access]
  const rows = await Promise.all(names.map((name) => versionIfAny(call, name)))
  return [access, ...(await decryptAccess(call, rows.flat()))]
}

/** What is not there, or no name at all, has no key; the answer says so. */
async function versionIfAny(call: Call, name: string): Promise<VersionTable[]> {
  try {
    return [(await lookUp(call.db, parseReference(call.scope, name))).row]
  } catch (error) {
    if (error instanceof ApiError) return []
    throw error
  }
}
