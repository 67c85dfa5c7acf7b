/**
 * What policies of parameters do as time passes (PS-13): delete what has expired, say what is about to expire or did not change for
 * long. A parameter is looked at again in the transaction that acts, so one that was changed meanwhile is left alone; and the
 * event is in that transaction too, so each is said once.
 */
import { type TaskContext, task } from '#kernel/declare.ts'
import { tellChange, tellPolicy } from './parameter-events.ts'
import { fromPolicies, nextDue, type ParameterPolicy, toPolicies } from './policies.ts'
import { changeParameter, deleteParameter, latestOf, parametersDue } from './store.ts'
import type { ParameterTable } from './tables.ts'

const BATCH = 100

export const enforcePolicies = task({
  name: 'parameters.enforce-policies',
  everyMs: 5_000,
  async run(context) {
    let enforced = 0
    if (!context.clockIsSteady()) return { enforced }
    const now = context.now()
    const due = await context.read((reader) => parametersDue(reader, now, BATCH))
    for (const parameter of due) enforced += await enforce(context, parameter, now)
    if (due.length === BATCH) context.wake(enforcePolicies)
    return { enforced }
  },
})

function enforce({ write, ids }: TaskContext, seen: ParameterTable, now: Date): Promise<number> {
  return write(async (db) => {
    const parameter = await latestOf(db, seen, seen.key)
    if (!parameter || (parameter.policy_due ?? '~') > now.toISOString()) return 0
    const teller = { db, now, ids }
    const policies = toPolicies(parameter.policies)
    const acting = policies.filter((policy) => acts(policy, now))
    for (const policy of acting) await tellPolicy(teller, parameter, policy)
    if (acting.some(({ type }) => type === 'Expiration')) {
      await deleteParameter(db, parameter)
      await tellChange(teller, parameter, 'Delete')
      return acting.length
    }
    const after = policies.map(
      (policy): ParameterPolicy => (acts(policy, now) ? { ...policy, status: 'Finished' } : policy),
    )
    await changeParameter(db, parameter, { policies: fromPolicies(after), policy_due: nextDue(after) })
    return acting.length
  })
}

function acts({ status, due }: ParameterPolicy, now: Date): boolean {
  return status === 'Pending' && due !== null && due <= now.toISOString()
}
