import { checkAliasName } from '../alias.ts'
import { findAlias, putAlias } from '../alias-store.ts'
import { aliasNotFound, invalid } from '../errors.ts'
import { aliasArn } from '../key.ts'
import { accessByReference } from '../key-access.ts'
import { aliasTarget } from '../key-reference.ts'
import { mustBeOwn, mustNotBePending } from '../key-state.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

const ACTION = 'kms:UpdateAlias'

export const UpdateAlias = kms.write('UpdateAlias', {
  access: async (input, call) => {
    const present = await findAlias(call.db, call.scope, input.AliasName)
    return [
      { action: ACTION, resources: [aliasArn(call.scope, input.AliasName)] },
      ...(present ? [await accessByReference(call, present.key_id, ACTION)] : []),
      await accessByReference(call, input.TargetKeyId, ACTION),
    ]
  },

  async handle({ AliasName: name, TargetKeyId: target }, call) {
    checkAliasName(name)
    const present = await findAlias(call.db, call.scope, name)
    if (!present) throw aliasNotFound(aliasArn(call.scope, name))
    const key = await mustFindKey(call.db, call.scope, aliasTarget(target))
    const before = await mustFindKey(call.db, call.scope, present.key_id)
    mustBeOwn(key, call, ACTION)
    mustNotBePending(key)
    if (key.spec !== before.spec || key.usage !== before.usage)
      throw invalid('The old and the new key of an alias must be of the same type and usage.')
    await putAlias(call.db, call.scope, name, key.keyId, call.now)
    return {}
  },
})
