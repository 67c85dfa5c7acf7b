import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

/** A key has one policy, and its name is `default`. */
export const ListKeyPolicies = kms.read('ListKeyPolicies', {
  access: (input, call) => accessByReference(call, input.KeyId, 'kms:ListKeyPolicies'),

  async handle(input, call) {
    await mustFindKey(call.db, call.scope, withoutAlias(input.KeyId))
    return { PolicyNames: ['default'], Truncated: false }
  },
})
