import { ALIASES_PER_KEY, checkAliasName } from '../alias.ts'
import { findAlias, putAlias } from '../alias-store.ts'
import { aliasExists, tooMany } from '../errors.ts'
import { aliasArn } from '../key.ts'
import { accessByReference } from '../key-access.ts'
import { aliasTarget } from '../key-reference.ts'
import { mustBeOwn, mustNotBePending } from '../key-state.ts'
import { aliasNamesOf, mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

export const CreateAlias = kms.write('CreateAlias', {
  access: async (input, call) => [
    { action: 'kms:CreateAlias', resources: [aliasArn(call.scope, input.AliasName)] },
    await accessByReference(call, input.TargetKeyId, 'kms:CreateAlias'),
  ],

  async handle({ AliasName: name, TargetKeyId: target }, call) {
    checkAliasName(name)
    const reference = aliasTarget(target)
    if (await findAlias(call.db, call.scope, name)) throw aliasExists(aliasArn(call.scope, name))
    const key = await mustFindKey(call.db, call.scope, reference)
    mustBeOwn(key, call, 'kms:CreateAlias')
    mustNotBePending(key)
    if ((await aliasNamesOf(call.db, key.keyId)).length >= ALIASES_PER_KEY)
      throw tooMany('aliases of a key', ALIASES_PER_KEY)
    await putAlias(call.db, call.scope, name, key.keyId, call.now)
    return {}
  },
})
