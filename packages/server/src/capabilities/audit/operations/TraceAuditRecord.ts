import { ApiError } from '#kernel/api-error.ts'
import { toFoundRecord } from '../found-record.ts'
import { steward } from '../steward.ts'
import { type Part, trace } from '../trace.ts'

/** What each part of the answer takes besides reading the trail. */
const ACTIONS: Readonly<Record<Part, string>> = {
  commands: 'ssm:ListCommandInvocations',
  sessions: 'ssm:DescribeSessions',
  events: 'steward:ListRuleMatches',
}

/**
 * Our own operation: the thread from a call to what it brought about: the command or session and what became of it, the rules that heard
 * of it and their deliveries, and the other calls about the same. What the caller may not read is left out, and said so.
 */
export const TraceAuditRecord = steward.open('TraceAuditRecord', {
  access: () => ({ action: 'cloudtrail:LookupEvents', resources: ['*'] }),

  async handle({ EventId }, call) {
    await call.audit.flush()
    const standing = await call.standing()
    const withheld: string[] = []
    const may = async (part: Part) => {
      const allowed = (await standing?.may({ action: ACTIONS[part], resources: ['*'] })) ?? false
      if (!allowed) withheld.push(ACTIONS[part])
      return allowed
    }
    const traced = await trace(call.read, call.scope, EventId, may)
    if (!traced) throw new ApiError('AuditRecordNotFound', `There is no record with the id ${EventId}.`)
    return {
      Record: toFoundRecord(traced.record),
      Effects: traced.effects,
      Events: traced.events,
      Related: traced.related.map(toFoundRecord),
      Withheld: withheld,
    }
  },
})
