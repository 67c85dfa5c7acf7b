import { dryRun, grantNotFound } from '../errors.ts'
import { FOR_PEOPLE, GRANT_ID } from '../grant.ts'
import { deleteGrant, listGrants } from '../grant-store.ts'
import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

export const RevokeGrant = kms.write('RevokeGrant', {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, 'kms:RevokeGrant')
    return { ...access, context: { ...access.context, ...FOR_PEOPLE, [GRANT_ID]: input.GrantId } }
  },

  async handle({ KeyId, GrantId: grantId, DryRun }, call) {
    const { keyId } = await mustFindKey(call.db, call.scope, withoutAlias(KeyId))
    const [grant] = await listGrants(call.db, { keyId, grantId })
    if (!grant) throw grantNotFound(grantId)
    if (DryRun) throw dryRun()
    await deleteGrant(call.db, grantId)
    return {}
  },
})
