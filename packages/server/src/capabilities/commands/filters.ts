/** The filters of ListCommands and ListCommandInvocations (RC-17). Pure. */
import type { CommandFilterList } from '@steward/model/generated/ssm.ts'
import { invalidFilterKey, invalidFilterValue } from './errors.ts'
import type { CommandFilters } from './store.ts'

const COMMON_STATUSES = ['Pending', 'InProgress', 'Success', 'Cancelled', 'Failed', 'TimedOut', 'Cancelling']
/** Values that name one kind of end; they are looked for among the details. */
const COMMON_DETAILS = ['AccessDenied', 'DeliveryTimedOut', 'ExecutionTimedOut']
const COMMAND_DETAILS = ['Incomplete', 'NoInstancesInTag', 'LimitExceeded', 'RateExceeded']
const INVOCATION_STATUSES = ['Delayed']
const INVOCATION_DETAILS = ['Undeliverable', 'InvalidPlatform', 'Terminated']

/** Reads the filters; `of` says which of the two lists they are for. Several filters must all hold. */
export function readFilters(filters: CommandFilterList | undefined, of: 'commands' | 'invocations'): CommandFilters {
  const read: { -readonly [K in keyof CommandFilters]: CommandFilters[K] } = {}
  for (const { key, value } of filters ?? []) {
    switch (key) {
      case 'InvokedAfter':
        read.after = dateText(key, value)
        break
      case 'InvokedBefore':
        read.before = dateText(key, value)
        break
      case 'DocumentName':
        read.documentName = value
        break
      case 'ExecutionStage':
        if (of === 'invocations') throw invalidFilterKey(key)
        if (value !== 'Executing' && value !== 'Complete') throw invalidFilterValue(key, value)
        read.stage = value
        break
      case 'Status':
        Object.assign(read, statusFilter(value, of))
    }
  }
  return read
}

function statusFilter(value: string, of: 'commands' | 'invocations'): Pick<CommandFilters, 'status' | 'details'> {
  const statuses = of === 'commands' ? COMMON_STATUSES : [...COMMON_STATUSES, ...INVOCATION_STATUSES]
  const details = [...COMMON_DETAILS, ...(of === 'commands' ? COMMAND_DETAILS : INVOCATION_DETAILS)]
  if (statuses.includes(value)) return { status: value }
  if (details.includes(value)) return { details: [value] }
  throw invalidFilterValue('Status', value)
}

function dateText(key: string, value: string): string {
  const date = new Date(value)
  if (Number.isNaN(date.getTime())) throw invalidFilterValue(key, value)
  return date.toISOString()
}
