import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustBeOwn, mustNotBePending } from '../key-state.ts'
import { mustFindKey } from '../key-store.ts'
import { checkTags, putTags, tagConditions } from '../key-tags.ts'
import { kms } from '../kms.ts'

export const TagResource = kms.write('TagResource', {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, 'kms:TagResource')
    return { ...access, context: { ...access.context, ...tagConditions(input.Tags) } }
  },

  async handle(input, call) {
    const key = await mustFindKey(call.db, call.scope, withoutAlias(input.KeyId))
    mustBeOwn(key, call, 'kms:TagResource')
    mustNotBePending(key)
    checkTags(input.Tags)
    await putTags(call.db, key.keyId, input.Tags)
    return {}
  },
})
