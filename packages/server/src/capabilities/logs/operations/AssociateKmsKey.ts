import type { AssociateKmsKeyRequest } from '@steward/model/generated/logs.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { keyForGroup, makeDataKey } from '../data-key.ts'
import { invalid, notBuilt } from '../errors.ts'
import { changeGroup, requireGroup } from '../group-store.ts'
import { logs } from '../logs.ts'
import { groupResource, parseGroupArn } from '../names.ts'
import type { LogGroupRow } from '../tables.ts'

type Reference = Omit<AssociateKmsKeyRequest, 'kmsKeyId'>

/** Counts for what comes from now on; what is there stays under the key that it was written under. */
export const AssociateKmsKey = logs.write('AssociateKmsKey', {
  access: (input, call) => ({
    action: 'logs:AssociateKmsKey',
    resources: [groupResource(call.scope, meant(input) ?? '*')],
  }),

  async handle(input, call) {
    const group = await requireGroup(call.db, call.scope, named(input))
    const key = await keyForGroup(call.db, call.scope, group.name, input.kmsKeyId)
    await renewDataKey(call, group, key.arn)
    return {}
  },
})

export const DisassociateKmsKey = logs.write('DisassociateKmsKey', {
  access: (input, call) => ({
    action: 'logs:DisassociateKmsKey',
    resources: [groupResource(call.scope, meant(input) ?? '*')],
  }),

  async handle(input, call) {
    const group = await requireGroup(call.db, call.scope, named(input))
    if (group.kms_key !== null) await renewDataKey(call, group, null)
    return {}
  },
})

async function renewDataKey(call: WriteCall, group: LogGroupRow, kmsKey: string | null): Promise<void> {
  const change = { kms_key: kmsKey, key_number: group.key_number + 1 }
  await makeDataKey(call, { ...group, ...change })
  await changeGroup(call.db, group, change)
}

function meant({ logGroupName, resourceIdentifier }: Reference): string | undefined {
  return logGroupName ?? (resourceIdentifier === undefined ? undefined : parseGroupArn(resourceIdentifier)?.name)
}

/** Throws `InvalidParameterException` unless exactly one member names a group. */
function named(reference: Reference): string {
  const { logGroupName, resourceIdentifier } = reference
  if ((logGroupName === undefined) === (resourceIdentifier === undefined))
    throw invalid('Exactly one of logGroupName and resourceIdentifier must be specified')
  const name = meant(reference)
  if (name === undefined) throw notBuilt('Keys for query results are')
  return name
}
