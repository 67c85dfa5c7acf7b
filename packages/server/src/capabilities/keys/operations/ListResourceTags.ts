import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustFindKey } from '../key-store.ts'
import { tagsOf } from '../key-tags.ts'
import { kms } from '../kms.ts'
import { page } from '../listing.ts'

export const ListResourceTags = kms.read('ListResourceTags', {
  access: (input, call) => accessByReference(call, input.KeyId, 'kms:ListResourceTags'),

  async handle(input, call) {
    const { keyId } = await mustFindKey(call.db, call.scope, withoutAlias(input.KeyId))
    const { items, more } = await page(
      call,
      input.Limit,
      50,
      async (after = '', limit) => {
        const tags = await tagsOf(call.db, keyId)
        return tags.filter(({ TagKey }) => TagKey > after).slice(0, limit)
      },
      ({ TagKey }) => TagKey,
    )
    return { Tags: items, ...more }
  },
})
