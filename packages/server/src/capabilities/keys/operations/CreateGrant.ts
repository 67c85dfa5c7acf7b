import type { CreateGrantRequest } from '@steward/model/generated/kms.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { mustBeUsable } from '../encryption.ts'
import { dryRun, tooMany } from '../errors.ts'
import { checkGrant, type Grant, grantConditions, saysTheSame, statedConstraints } from '../grant.ts'
import { checkGrantTokens, insertGrant, listGrants } from '../grant-store.ts'
import type { Key } from '../key.ts'
import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

/** Fewer than AWS's 50,000: all of them are read for each decision about the key. */
const GRANTS_PER_KEY = 1000

export const CreateGrant = kms.write('CreateGrant', {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, 'kms:CreateGrant')
    return { ...access, context: { ...access.context, ...grantConditions(input) } }
  },

  async handle(input, call) {
    await checkGrantTokens(call.db, input.GrantTokens)
    const key = await mustFindKey(call.db, call.scope, withoutAlias(input.KeyId))
    mustBeUsable(key)
    const grant = newGrant(input, key, call)
    checkGrant(grant, key)
    if (input.DryRun) throw dryRun()
    const present = await listGrants(call.db, { keyId: key.keyId })
    // A name makes the request one that may be repeated.
    const same = input.Name ? present.find((one) => saysTheSame(one, grant)) : undefined
    if (same) return { GrantToken: same.token, GrantId: same.grantId }
    if (present.length >= GRANTS_PER_KEY) throw tooMany('grants of a key', GRANTS_PER_KEY)
    await insertGrant(call.db, grant)
    return { GrantToken: grant.token, GrantId: grant.grantId }
  },
})

function newGrant(input: CreateGrantRequest, { keyId, scope }: Key, { ids, principal, now }: WriteCall): Grant {
  return {
    grantId: ids.hex(64),
    keyId,
    scope,
    token: Buffer.from(ids.hex(128), 'hex').toString('base64'),
    name: input.Name ?? '',
    grantee: input.GranteePrincipal,
    retiring: input.RetiringPrincipal,
    issuingAccount: principal.account,
    operations: input.Operations,
    constraints: statedConstraints(input.Constraints),
    createdAt: now,
  }
}
