import type { PutPermissionRequest } from '@steward/model/generated/events.ts'
import { checkPrincipals } from '#capabilities/iam/index.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { WriteCall } from '#kernel/declare.ts'
import type { ParsedPolicy } from '#kernel/policy.ts'
import { busNamed, requireBus, saveBus } from '../bus-store.ts'
import { invalid, policyNamesNobody } from '../errors.ts'
import { events } from '../events.ts'
import { busArn } from '../names.ts'
import type { BusRow } from '../tables.ts'

const LONGEST_POLICY = 10_240

interface Policy {
  readonly Version: string
  readonly Statement: readonly { readonly Sid?: string }[]
}

/** Replaces a bus's policy, or one statement of it. */
export const PutPermission = events.write('PutPermission', {
  access: (input, call) => ({
    action: 'events:PutPermission',
    resources: [busArn(call.scope, busNamed(call.scope, input.EventBusName))],
  }),

  async handle(input, call) {
    const bus = await requireBus(call.db, call.scope, busNamed(call.scope, input.EventBusName))
    if (input.Policy !== undefined) await checkPrincipals(call.db, parsed(input.Policy), policyNamesNobody)
    await savePolicy(call, bus, input.Policy ?? JSON.stringify(withStatement(bus, input, call)))
    return {}
  },
})

/** Takes one statement off a bus's policy, or all of it away. */
export const RemovePermission = events.write('RemovePermission', {
  access: (input, call) => ({
    action: 'events:RemovePermission',
    resources: [busArn(call.scope, busNamed(call.scope, input.EventBusName))],
  }),

  async handle({ EventBusName, StatementId, RemoveAllPermissions }, call) {
    const bus = await requireBus(call.db, call.scope, busNamed(call.scope, EventBusName))
    if (!RemoveAllPermissions && !StatementId) throw invalid('Parameter(s) StatementId must be specified.')
    const { Version, Statement } = policyOf(bus)
    const left = RemoveAllPermissions ? [] : Statement.filter(({ Sid }) => Sid !== StatementId)
    if (!RemoveAllPermissions && left.length === Statement.length)
      throw new ApiError('ResourceNotFoundException', `Statement with the provided id does not exist.`)
    await savePolicy(call, bus, left.length > 0 ? JSON.stringify({ Version, Statement: left }) : null)
    return {}
  },
})

function policyOf({ policy }: BusRow): Policy {
  const parsed = policy ? (JSON.parse(policy) as Policy) : { Version: '2012-10-17', Statement: [] }
  return { ...parsed, Statement: [parsed.Statement].flat() }
}

function withStatement(bus: BusRow, input: PutPermissionRequest, call: WriteCall): Policy {
  const { Action, Principal, StatementId, Condition } = input
  if (!Action || !Principal || !StatementId)
    throw invalid('Parameter(s) Action, Principal and StatementId, or Policy, must be specified.')
  if (Action !== 'events:PutEvents') throw invalid(`Provided value in parameter 'action' is not supported.`)
  if (Principal !== '*' && !/^\d{12}$/.test(Principal)) throw invalid('Parameter Principal is not valid.')
  const { Version, Statement } = policyOf(bus)
  const added = {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: `arn:aws:iam::${Principal}:root` },
    Action,
    Resource: busArn(call.scope, bus.name),
    ...(Condition && { Condition: { [Condition.Type]: { [Condition.Key]: Condition.Value } } }),
  }
  return { Version, Statement: [...Statement.filter(({ Sid }) => Sid !== StatementId), added] }
}

async function savePolicy({ db, now }: WriteCall, bus: BusRow, policy: string | null): Promise<void> {
  if (policy !== null) parsed(policy)
  if (policy !== null && Buffer.byteLength(policy) > LONGEST_POLICY)
    throw new ApiError('PolicyLengthExceededException', 'The event bus policy is too long.')
  await saveBus(db, { ...bus, policy, modified_at: now.toISOString() })
}

function parsed(policy: string): ParsedPolicy {
  return parsePolicy(policy, 'resource', 'ValidationException')
}
