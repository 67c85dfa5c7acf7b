import { checkAliasName } from '../alias.ts'
import { deleteAlias, findAlias } from '../alias-store.ts'
import { aliasNotFound } from '../errors.ts'
import { aliasArn } from '../key.ts'
import { accessByReference } from '../key-access.ts'
import { kms } from '../kms.ts'

export const DeleteAlias = kms.write('DeleteAlias', {
  access: async ({ AliasName: name }, call) => {
    const present = await findAlias(call.db, call.scope, name)
    return [
      { action: 'kms:DeleteAlias', resources: [aliasArn(call.scope, name)] },
      ...(present ? [await accessByReference(call, present.key_id, 'kms:DeleteAlias')] : []),
    ]
  },

  async handle({ AliasName: name }, call) {
    checkAliasName(name)
    if (!(await findAlias(call.db, call.scope, name))) throw aliasNotFound(aliasArn(call.scope, name))
    await deleteAlias(call.db, call.scope, name)
    return {}
  },
})
