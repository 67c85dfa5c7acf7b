import { toGrantEntry } from '../grant.ts'
import { listGrants } from '../grant-store.ts'
import { kms } from '../kms.ts'
import { page } from '../listing.ts'

export const ListRetirableGrants = kms.read('ListRetirableGrants', {
  access: () => ({ action: 'kms:ListRetirableGrants', resources: ['*'] }),

  async handle({ RetiringPrincipal: retiring, Limit }, call) {
    const { account, region } = call.scope
    const { items, more } = await page(
      call,
      Limit,
      100,
      (after, limit) => listGrants(call.db, { account, region, retiring, after, limit }),
      (grant) => grant.grantId,
    )
    return { Grants: items.map(toGrantEntry), ...more }
  },
})
