import type { RetireGrantRequest } from '@steward/model/generated/kms.ts'
import type { Call } from '#kernel/declare.ts'
import { dryRun, grantNotFound, invalid, invalidGrantToken } from '../errors.ts'
import { GRANT_ID, type Grant } from '../grant.ts'
import { deleteGrant, findGrantByToken, listGrants } from '../grant-store.ts'
import { keyArn } from '../key.ts'
import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

/** For whom the grant is, or who may retire it: unlike `RevokeGrant`, which is for those who manage the key. */
export const RetireGrant = kms.write('RetireGrant', {
  access: async (input, call) => {
    const grant = input.GrantToken ? await findGrantByToken(call.db, input.GrantToken) : undefined
    const key = grant ? keyArn(grant.scope, grant.keyId) : (input.KeyId ?? '')
    const access = await accessByReference(call, key, 'kms:RetireGrant')
    return { ...access, context: { ...access.context, [GRANT_ID]: grant?.grantId ?? input.GrantId ?? '' } }
  },

  async handle(input, call) {
    const grant = await named(input, call)
    if (input.DryRun) throw dryRun()
    await deleteGrant(call.db, grant.grantId)
    return {}
  },
})

async function named({ GrantToken, KeyId, GrantId }: RetireGrantRequest, call: Call): Promise<Grant> {
  if (GrantToken && (KeyId || GrantId))
    throw invalid('Please specify either a grant token, or a grant ID and a key ID.')
  if (GrantToken) {
    const grant = await findGrantByToken(call.db, GrantToken)
    if (!grant) throw invalidGrantToken()
    return grant
  }
  if (!KeyId || !GrantId) throw invalid('Please specify either a grant token, or a grant ID and a key ID.')
  const { keyId } = await mustFindKey(call.db, call.scope, withoutAlias(KeyId))
  const [grant] = await listGrants(call.db, { keyId, grantId: GrantId })
  if (!grant) throw grantNotFound(GrantId)
  return grant
}
