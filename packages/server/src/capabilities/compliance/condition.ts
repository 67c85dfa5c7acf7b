/** One filter as a condition on a column, or on a text that is at hand. Pure. */
import type { ComplianceQueryOperatorType, ComplianceStringFilter } from '@steward/model/generated/ssm.ts'
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import { isoOrEpochTime } from '#capabilities/stated-time.ts'
import { invalidFilter } from './errors.ts'

/** Several values are alternatives, save for NOT_EQUAL, which excludes each of them. */
export interface Filter {
  readonly key: string
  readonly operator: ComplianceQueryOperatorType
  readonly values: readonly string[]
}

/** What the values of a column are compared as. */
export type ComparedAs = 'text' | 'time' | 'number'

/** Throws `InvalidFilter` for a filter without key or values. */
export function readFilter({ Key, Values = [], Type = 'EQUAL' }: ComplianceStringFilter): Filter {
  if (!Key) throw invalidFilter('A filter has no Key.')
  if (Values.length === 0) throw invalidFilter(`The filter ${Key} has no Values.`)
  return { key: Key, operator: Type, values: Values }
}

/** Whether a text passes; one that is not there is equal to nothing. */
export function passes(value: string | undefined, { operator, values }: Omit<Filter, 'key'>): boolean {
  if (value === undefined) return operator === 'NOT_EQUAL'
  switch (operator) {
    case 'EQUAL':
      return values.includes(value)
    case 'NOT_EQUAL':
      return !values.includes(value)
    case 'BEGIN_WITH':
      return values.some((start) => value.startsWith(start))
    case 'LESS_THAN':
      return values.some((limit) => value < limit)
    case 'GREATER_THAN':
      return values.some((limit) => value > limit)
  }
}

/** The same of a column. Throws `InvalidFilter` for a value that is no time, or no number. */
export function columnPasses(column: string, as: ComparedAs, filter: Filter): Expression<SqlBool> {
  const { key, operator, values } = filter
  const value = compared(column, as)
  const anyOf = (test: (text: string) => RawBuilder<SqlBool>) =>
    sql<SqlBool>`(${sql.join(values.map(test), sql` or `)})`
  // Not `like`, which SQLite compares without case and which gives % and _ a meaning.
  const beginsWith = (start: string) => sql<SqlBool>`substr(${value}, 1, ${sql.lit(start.length)}) = ${start}`
  switch (operator) {
    case 'EQUAL':
      return anyOf((text) =>
        as === 'time' ? beginsWith(toTheSecond(time(key, text))) : sql`${value} = ${bound(key, as, text)}`,
      )
    case 'NOT_EQUAL':
      return sql<SqlBool>`(${value} is null or not ${columnPasses(column, as, { ...filter, operator: 'EQUAL' })})`
    case 'BEGIN_WITH':
      if (as === 'number') throw invalidFilter(`The filter ${key} is a number, which does not begin with anything.`)
      return anyOf(beginsWith)
    case 'LESS_THAN':
      return anyOf((text) => sql`${value} < ${bound(key, as, text)}`)
    case 'GREATER_THAN':
      return anyOf((text) => sql`${value} > ${bound(key, as, text)}`)
  }
}

/**
 * Lists are read along their key from where the last page ended. SQLite leaves that path, and sorts, when it sees that a column of the key
 * is said to equal something; so it is not shown the column itself. One node is little to sort.
 */
function compared(column: string, as: ComparedAs): RawBuilder<unknown> {
  if (column === 'node_id') return sql.ref(column)
  return as === 'number' ? sql`(${sql.ref(column)} + 0)` : sql`(${sql.ref(column)} || '')`
}

function bound(key: string, as: ComparedAs, text: string): string | number {
  if (as === 'text') return text
  if (as === 'time') return time(key, text)
  const number = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(number))
    throw invalidFilter(`The filter ${key} takes whole numbers, not ${text}.`)
  return number
}

/** Times are written in ISO 8601 or as seconds since 1970. */
function time(key: string, text: string): string {
  const at = isoOrEpochTime(text)
  if (at === undefined) throw invalidFilter(`The filter ${key} takes times, not ${text}.`)
  return at
}

/** A time that is given in whole seconds means any within the second. */
function toTheSecond(iso: string): string {
  return iso.endsWith('.000Z') ? iso.slice(0, 19) : iso
}
