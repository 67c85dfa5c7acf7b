/** The filters of DescribeSessions (SM-10). Pure. */
import type { SessionFilterList, SessionState } from '@steward/model/generated/ssm.ts'
import { isoTime } from '#capabilities/stated-time.ts'
import { invalidFilterValue } from './errors.ts'
import { ACTIVE } from './session.ts'
import type { SessionFilters } from './store.ts'
import type { SessionStatus } from './tables.ts'

const HISTORY: readonly SessionStatus[] = ['Terminating', 'Terminated', 'Failed']
const ACCESS_TYPES = ['Standard', 'JustInTime']

/** What is asked for; all filters must hold, those of one key too. `none`: nothing can fit. */
export function readFilters(state: SessionState, filters: SessionFilterList): SessionFilters | 'none' {
  const read = {
    after: [] as string[],
    before: [] as string[],
    nodeIds: [] as string[],
    owners: [] as string[],
    ids: [] as string[],
  }
  let statuses = state === 'Active' ? ACTIVE : HISTORY
  for (const { key, value } of filters) {
    switch (key) {
      case 'InvokedAfter':
        read.after.push(dateText(key, value))
        break
      case 'InvokedBefore':
        read.before.push(dateText(key, value))
        break
      case 'Target':
        read.nodeIds.push(value)
        break
      case 'Owner':
        read.owners.push(value)
        break
      case 'SessionId':
        read.ids.push(value)
        break
      case 'Status':
        if (![...ACTIVE, ...HISTORY].includes(value as SessionStatus)) throw invalidFilterValue(key, value)
        statuses = statuses.filter((status) => status === value)
        break
      case 'AccessType':
        if (!ACCESS_TYPES.includes(value)) throw invalidFilterValue(key, value)
        if (value !== 'Standard') statuses = []
    }
  }
  return statuses.length === 0 ? 'none' : { ...read, statuses }
}

function dateText(key: string, value: string): string {
  const at = isoTime(value)
  if (at === undefined) throw invalidFilterValue(key, value)
  return at
}
