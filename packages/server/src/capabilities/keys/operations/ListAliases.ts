import type { AliasListEntry } from '@steward/model/generated/kms.ts'
import type { Call } from '#kernel/declare.ts'
import { RESERVED } from '../alias.ts'
import { listAliases, toAliasEntry } from '../alias-store.ts'
import { aliasArn } from '../key.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { page } from '../listing.ts'
import { SERVICES_WITH_KEYS } from '../new-key.ts'

export const ListAliases = kms.read('ListAliases', {
  access: () => ({ action: 'kms:ListAliases', resources: ['*'] }),

  async handle(input, call) {
    const keyId = input.KeyId && (await mustFindKey(call.db, call.scope, input.KeyId)).keyId
    const { items, more } = await page(
      call,
      input.Limit,
      100,
      (after, limit) => entries(call, keyId, after, limit),
      (entry) => entry.AliasName!,
    )
    return { Aliases: items, ...more }
  },
})

/** The aliases that there are, and those that services will give their keys once these are first used: they have no target yet. */
async function entries(call: Call, keyId: string | undefined, after = '', limit: number): Promise<AliasListEntry[]> {
  const present = (await listAliases(call.db, call.scope, { keyId, after, limit })).map(toAliasEntry)
  if (keyId) return present
  const predefined = SERVICES_WITH_KEYS.map((service) => `${RESERVED}${service}`)
    .filter((name) => name > after && !present.some(({ AliasName }) => AliasName === name))
    .map((name) => ({ AliasName: name, AliasArn: aliasArn(call.scope, name) }))
  return [...present, ...predefined].sort((a, b) => (a.AliasName! < b.AliasName! ? -1 : 1)).slice(0, limit)
}
