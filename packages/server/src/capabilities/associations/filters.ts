/** The filters of the lists. Several must all hold. Pure. */
import type {
  AssociationExecutionFilterList,
  AssociationExecutionTargetsFilterList,
  AssociationFilterList,
} from '@steward/model/generated/ssm.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { ExecutionFilters, RunFilters } from './execution-store.ts'
import type { AssociationFilters } from './store.ts'

const STATUSES = ['Pending', 'Success', 'Failed']

const invalidValue = (key: string, value: string) =>
  new ApiError('ValidationException', `'${value}' is not a value that the filter ${key} takes.`)

export function readFilters(filters: AssociationFilterList | undefined): AssociationFilters {
  const read: { -readonly [K in keyof AssociationFilters]: AssociationFilters[K] } = {}
  for (const { key, value } of filters ?? []) {
    switch (key) {
      case 'InstanceId':
        read.nodeId = value
        break
      case 'Name':
        read.documentName = value
        break
      case 'AssociationId':
        read.id = value
        break
      case 'AssociationName':
        read.name = value
        break
      case 'ResourceGroupName':
        read.group = value
        break
      case 'AssociationStatusName':
        if (!STATUSES.includes(value)) throw invalidValue(key, value)
        read.status = value
        break
      case 'LastExecutedBefore':
        read.executedBefore = dateText(key, value)
        break
      case 'LastExecutedAfter':
        read.executedAfter = dateText(key, value)
        break
      default:
        throw new ApiError('ValidationException', `The filter ${key} is not valid here.`)
    }
  }
  return read
}

/** Ids and statuses are equal or not; only times are before and after. */
export function readExecutionFilters(filters: AssociationExecutionFilterList | undefined): ExecutionFilters {
  const read: { -readonly [K in keyof ExecutionFilters]: ExecutionFilters[K] } = {}
  for (const { Key: key, Value: value, Type: type } of filters ?? []) {
    if (key === 'CreatedTime') {
      const at = dateText(key, value)
      if (type === 'LESS_THAN') read.before = at
      else if (type === 'GREATER_THAN') read.after = at
      else read.at = at
      continue
    }
    if (type !== 'EQUAL')
      throw new ApiError('ValidationException', `The filter ${key} is compared with EQUAL, not with ${type}.`)
    if (key === 'ExecutionId') read.id = value.toLowerCase()
    else read.status = value
  }
  return read
}

export function readRunFilters(filters: AssociationExecutionTargetsFilterList | undefined): RunFilters {
  const read: { -readonly [K in keyof RunFilters]: RunFilters[K] } = {}
  for (const { Key, Value } of filters ?? []) {
    if (Key === 'Status') read.status = Value
    else if (Key === 'ResourceId') read.nodeId = Value
    else read.resourceType = Value
  }
  return read
}

function dateText(key: string, value: string): string {
  const date = new Date(/^\d{9,11}(\.\d+)?$/.test(value) ? Number(value) * 1000 : value)
  if (Number.isNaN(date.getTime())) throw invalidValue(key, value)
  return date.toISOString()
}
