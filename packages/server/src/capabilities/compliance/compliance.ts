/** What compliance is about: items, how they roll up, and what may be put. Pure. */
import type {
  ComplianceExecutionSummary,
  ComplianceItemEntry,
  ComplianceSeverity,
  ComplianceStatus,
} from '@steward/model/generated/ssm.ts'
import { invalidItem, itemTooLarge, totalTooLarge, unknownType } from './errors.ts'
import type { CountColumn } from './tables.ts'

/** From the highest. */
export const SEVERITIES = [
  'CRITICAL',
  'HIGH',
  'MEDIUM',
  'LOW',
  'INFORMATIONAL',
  'UNSPECIFIED',
] as const satisfies readonly ComplianceSeverity[]

export const STATUSES = ['COMPLIANT', 'NON_COMPLIANT'] as const satisfies readonly ComplianceStatus[]

export const ASSOCIATION = 'Association'

/** Custom types on one node (CMP-01). */
export const CUSTOM_TYPES_PER_NODE = 10

/** Bytes of an item, and of the items of one call, as JSON; of an id, which is a key. AWS documents none of them. */
const ITEM_SIZE = 128 * 1024
const TOTAL_SIZE = 16 * 1024 * 1024
const ID_SIZE = 1024

export const COUNT_COLUMNS = STATUSES.flatMap((status) => SEVERITIES.map((severity) => countColumn(status, severity)))

export function countColumn(status: ComplianceStatus, severity: ComplianceSeverity): CountColumn {
  return `${status}_${severity}`.toLowerCase() as CountColumn
}

/** `non_compliant_high` as AWS:ComplianceSummary calls it: `NonCompliantHighCount`. */
export function countAttribute(column: CountColumn): string {
  return `${column.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Count`
}

/** When the items were found, by what. */
export interface Execution {
  readonly time: Date
  readonly id?: string | undefined
  readonly type?: string | undefined
}

export function toExecution({ ExecutionTime, ExecutionId, ExecutionType }: ComplianceExecutionSummary): Execution {
  return { time: ExecutionTime!, id: ExecutionId || undefined, type: ExecutionType || undefined }
}

export type Counts = Record<CountColumn, number>

export function noCounts(): Counts {
  return Object.fromEntries(COUNT_COLUMNS.map((column) => [column, 0])) as Counts
}

export interface RollUp {
  readonly status: ComplianceStatus
  readonly severity: ComplianceSeverity
}

/** A node is not compliant once one item is not, as severe as the most severe of those (CMP-05). Undefined: there are no items. */
export function rollUp(counts: Counts): RollUp | undefined {
  const severity = SEVERITIES.find((severity) => counts[countColumn('NON_COMPLIANT', severity)] > 0)
  if (severity) return { status: 'NON_COMPLIANT', severity }
  return COUNT_COLUMNS.some((column) => counts[column] > 0)
    ? { status: 'COMPLIANT', severity: 'UNSPECIFIED' }
    : undefined
}

export function isCustom(type: string): boolean {
  return type.startsWith('Custom:')
}

/** Refuses a type that there is none of. */
export function checkType(type: string): void {
  if (type !== ASSOCIATION && type !== 'Patch' && !isCustom(type)) throw unknownType(type)
}

/** Refuses items that cannot be told apart or are too large. */
export function checkItems(items: readonly ComplianceItemEntry[]): void {
  const ids = new Set<string>()
  let total = 0
  for (const item of items) {
    const { Id = '' } = item
    if (ids.has(Id)) throw invalidItem(Id ? `The id ${Id} is there twice.` : 'More than one item has no id.')
    ids.add(Id)
    if (Buffer.byteLength(Id) > ID_SIZE) throw invalidItem(`The id of an item is longer than ${ID_SIZE} bytes.`)
    const size = Buffer.byteLength(JSON.stringify(item))
    if (size > ITEM_SIZE) throw itemTooLarge(Id, ITEM_SIZE)
    total += size
  }
  if (total > TOTAL_SIZE) throw totalTooLarge(TOTAL_SIZE)
}
