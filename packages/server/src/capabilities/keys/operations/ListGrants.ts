import { invalidGrantId } from '../errors.ts'
import { FOR_PEOPLE, toGrantEntry } from '../grant.ts'
import { listGrants } from '../grant-store.ts'
import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { page } from '../listing.ts'

const GRANT_ID = /^[0-9a-f]{64}$/

export const ListGrants = kms.read('ListGrants', {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, 'kms:ListGrants')
    return { ...access, context: { ...access.context, ...FOR_PEOPLE } }
  },

  async handle({ KeyId, GrantId: grantId, GranteePrincipal: grantee, Limit }, call) {
    const { keyId } = await mustFindKey(call.db, call.scope, withoutAlias(KeyId))
    if (grantId !== undefined && !GRANT_ID.test(grantId)) throw invalidGrantId(grantId)
    const { items, more } = await page(
      call,
      Limit,
      100,
      (after, limit) => listGrants(call.db, { keyId, grantId, grantee, after, limit }),
      (grant) => grant.grantId,
    )
    return { Grants: items.map(toGrantEntry), ...more }
  },
})
