/** The filters of the lists. Several must all hold, those of one key too. Pure. */
import type {
  AssociationExecutionFilterList,
  AssociationExecutionTargetsFilterList,
  AssociationFilterList,
} from '@steward/model/generated/ssm.ts'
import { isoOrEpochTime } from '#capabilities/stated-time.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { ExecutionFilter, RunFilter } from './execution-store.ts'
import type { AssociationFilter } from './store.ts'

const STATUSES = ['Pending', 'Success', 'Failed']
const EXECUTION_COLUMNS = { ExecutionId: 'id', Status: 'status', CreatedTime: 'created_at' } as const
const OPERATORS = { EQUAL: '=', LESS_THAN: '<', GREATER_THAN: '>' } as const

const invalidValue = (key: string, value: string) =>
  new ApiError('ValidationException', `'${value}' is not a value that the filter ${key} takes.`)

export function readFilters(filters: AssociationFilterList = []): AssociationFilter[] {
  return filters.map(({ key, value }) => {
    switch (key) {
      case 'AssociationStatusName':
        if (!STATUSES.includes(value)) throw invalidValue(key, value)
        return { key, value }
      case 'LastExecutedBefore':
      case 'LastExecutedAfter':
        return { key, value: dateText(key, value) }
      case 'CloudConnectorId':
        throw new ApiError('ValidationException', `The filter ${key} is not valid here.`)
      default:
        return { key, value }
    }
  })
}

/** Ids and statuses are equal or not; only times are before and after. */
export function readExecutionFilters(filters: AssociationExecutionFilterList = []): ExecutionFilter[] {
  return filters.map(({ Key: key, Value: value, Type: type }) => {
    if (key !== 'CreatedTime' && type !== 'EQUAL')
      throw new ApiError('ValidationException', `The filter ${key} is compared with EQUAL, not with ${type}.`)
    return { column: EXECUTION_COLUMNS[key], operator: OPERATORS[type], value: executionValue(key, value) }
  })
}

function executionValue(key: 'ExecutionId' | 'Status' | 'CreatedTime', value: string): string {
  if (key === 'CreatedTime') return dateText(key, value)
  return key === 'ExecutionId' ? value.toLowerCase() : value
}

/** `none`: nothing can fit, as no resource is of the type that is asked for. */
export function readRunFilters(
  filters: AssociationExecutionTargetsFilterList = [],
  resourceType: string,
): RunFilter[] | 'none' {
  if (filters.some(({ Key, Value }) => Key === 'ResourceType' && Value !== resourceType)) return 'none'
  return filters.flatMap(({ Key, Value }): RunFilter[] => {
    if (Key === 'ResourceType') return []
    return [{ column: Key === 'Status' ? 'status' : 'node_id', value: Value }]
  })
}

function dateText(key: string, value: string): string {
  const at = isoOrEpochTime(value)
  if (at === undefined) throw invalidValue(key, value)
  return at
}
