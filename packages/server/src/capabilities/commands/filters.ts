/** The filters of ListCommands and ListCommandInvocations (RC-17). Pure. */
import type { CommandFilterList } from '@steward/model/generated/ssm.ts'
import { isoTime } from '#capabilities/stated-time.ts'
import { invalidFilterKey, invalidFilterValue } from './errors.ts'
import type { CommandFilters, CommandStage } from './store.ts'

const COMMON_STATUSES = ['Pending', 'InProgress', 'Success', 'Cancelled', 'Failed', 'TimedOut', 'Cancelling']
/** Values that name one kind of end; they are looked for among the details. */
const COMMON_DETAILS = ['AccessDenied', 'DeliveryTimedOut', 'ExecutionTimedOut']
const COMMAND_DETAILS = ['Incomplete', 'NoInstancesInTag', 'LimitExceeded', 'RateExceeded']
const INVOCATION_STATUSES = ['Delayed']
const INVOCATION_DETAILS = ['Undeliverable', 'InvalidPlatform', 'Terminated']

/** Reads the filters; `of` says which of the two lists they are for. Several filters must all hold, those of one key too. */
export function readFilters(filters: CommandFilterList | undefined, of: 'commands' | 'invocations'): CommandFilters {
  const read = {
    after: [] as string[],
    before: [] as string[],
    statuses: [] as string[],
    details: [] as string[],
    stages: [] as CommandStage[],
    documentNames: [] as string[],
  }
  for (const { key, value } of filters ?? []) {
    switch (key) {
      case 'InvokedAfter':
        read.after.push(dateText(key, value))
        break
      case 'InvokedBefore':
        read.before.push(dateText(key, value))
        break
      case 'DocumentName':
        read.documentNames.push(value)
        break
      case 'ExecutionStage':
        if (of === 'invocations') throw invalidFilterKey(key)
        if (value !== 'Executing' && value !== 'Complete') throw invalidFilterValue(key, value)
        read.stages.push(value)
        break
      case 'Status':
        read[statusColumn(value, of)].push(value)
    }
  }
  return read
}

function statusColumn(value: string, of: 'commands' | 'invocations'): 'statuses' | 'details' {
  const statuses = of === 'commands' ? COMMON_STATUSES : [...COMMON_STATUSES, ...INVOCATION_STATUSES]
  const details = [...COMMON_DETAILS, ...(of === 'commands' ? COMMAND_DETAILS : INVOCATION_DETAILS)]
  if (statuses.includes(value)) return 'statuses'
  if (details.includes(value)) return 'details'
  throw invalidFilterValue('Status', value)
}

function dateText(key: string, value: string): string {
  const at = isoTime(value)
  if (at === undefined) throw invalidFilterValue(key, value)
  return at
}
