import { RESERVED } from '../alias.ts'
import { toMetadata } from '../key.ts'
import { accessByReference } from '../key-access.ts'
import { parseKeyReference } from '../key-reference.ts'
import { findReferenced, mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { managedKey, SERVICES_WITH_KEYS } from '../new-key.ts'

/** It makes the key of a service that has none yet, as AWS documents of predefined aliases; so it must be able to write. */
export const DescribeKey = kms.open('DescribeKey', {
  access: (input, call) => accessByReference(call, input.KeyId, 'kms:DescribeKey'),

  async handle(input, call) {
    const reference = parseKeyReference(call.scope, input.KeyId)
    const service = reference.kind === 'alias' ? reference.name.slice(RESERVED.length) : ''
    const missing =
      reference.kind === 'alias' &&
      reference.name.startsWith(RESERVED) &&
      reference.scope.account === call.scope.account &&
      SERVICES_WITH_KEYS.includes(service) &&
      !(await call.read((db) => findReferenced(db, reference)))
    if (missing) await call.write((db) => managedKey({ ...call, db }, service))
    return { KeyMetadata: toMetadata(await call.read((db) => mustFindKey(db, call.scope, input.KeyId))) }
  },
})
