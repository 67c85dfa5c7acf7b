/** What reading decrypted values demands beyond the parameters themselves: the keys they are encrypted under. */
import { ApiError } from '#kernel/api-error.ts'
import type { Access, Call } from '#kernel/declare.ts'
import { lookUp } from './look-up.ts'
import { parseReference } from './name.ts'
import { decryptAccess } from './secure-string.ts'
import type { ShownVersion } from './tables.ts'

/** `access`, and `kms:Decrypt` on the keys of those of these versions that are SecureStrings. */
export function decrypting(call: Call, access: Access, versions: () => Promise<readonly ShownVersion[]>): Access {
  return { ...access, also: async () => decryptAccess(call, await versions()) }
}

/** The versions that these names mean. What is not there, or no name at all, has no key; the answer says so. */
export async function versionsNamed(call: Call, names: readonly string[]): Promise<ShownVersion[]> {
  const found = names.map(async (name) => {
    try {
      return [(await lookUp(call, parseReference(call.scope, name))).row]
    } catch (error) {
      if (error instanceof ApiError) return []
      throw error
    }
  })
  return (await Promise.all(found)).flat()
}

/** Whether an answer shows a secret in the clear: then it is on the audit trail first. */
export function revealsSecret(
  { WithDecryption }: { readonly WithDecryption?: boolean | undefined },
  shown: readonly { readonly Type?: string | undefined }[],
): boolean {
  return WithDecryption === true && shown.some(({ Type }) => Type === 'SecureString')
}
