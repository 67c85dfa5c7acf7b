import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustBeOwn, mustNotBePending } from '../key-state.ts'
import { mustFindKey } from '../key-store.ts'
import { removeTags } from '../key-tags.ts'
import { kms } from '../kms.ts'

export const UntagResource = kms.write('UntagResource', {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, 'kms:UntagResource')
    return { ...access, context: { ...access.context, 'aws:TagKeys': input.TagKeys } }
  },

  async handle(input, call) {
    const key = await mustFindKey(call.db, call.scope, withoutAlias(input.KeyId))
    mustBeOwn(key, call, 'kms:UntagResource')
    mustNotBePending(key)
    await removeTags(call.db, key.keyId, input.TagKeys)
    return {}
  },
})
