/** The history of commands as people look through it: whatever is known of a command can be asked for, counted and sorted by. */
import { type RawBuilder, sql } from 'kysely'
import { type Reader, tables } from '#db/database.ts'
import { hasText } from '#db/has-text.ts'
import type { Scope } from '#kernel/scope.ts'
import type { CommandRequest } from './command.ts'
import type { CommandRow, CommandTables } from './tables.ts'

export interface CommandSearch {
  /** Each is part of what is known of the command ({@link wordsOf}), whatever its case. */
  readonly texts: readonly string[]
  /** Values of `Status` or `StatusDetails`. */
  readonly states: readonly string[] | undefined
  readonly documentNames: readonly string[] | undefined
  readonly nodeId: string | undefined
  readonly since: Date | undefined
  readonly until: Date | undefined
}

type Key = string | number

const ORDERS = {
  Requested: sql<Key>`requested_at`,
  Ended: sql<Key>`coalesce(ended_at, '')`,
  DocumentName: sql<Key>`document_name`,
  Status: sql<Key>`status`,
  Targets: sql<Key>`target_count`,
  Errors: sql<Key>`error_count`,
} as const satisfies Record<string, RawBuilder<Key>>

/** What a command is found by: its id, document, comment, targets, parameters, and who started it. */
export function wordsOf(id: string, documentName: string, origin: string, request: CommandRequest): string {
  const { comment, instanceIds, targets, parameters } = request
  const aims = targets.flatMap(({ Key, Values = [] }) => [Key ?? '', ...Values])
  const words = [id, documentName, origin, comment, ...instanceIds, ...aims, ...Object.values(parameters).flat()]
  return words.join('\n').toLowerCase()
}

export interface CommandOrder {
  readonly by: keyof typeof ORDERS
  readonly descending: boolean
}

export interface CommandPlace {
  readonly key: Key
  readonly id: string
}

/** Without the payload, which is as long as the document. */
const COLUMNS = [
  'id',
  'document_name',
  'request',
  'status',
  'status_details',
  'requested_at',
  'ended_at',
  'target_count',
  'answered_count',
  'cancelling_count',
  'completed_count',
  'error_count',
  'ended',
  'origin',
] as const satisfies (keyof CommandRow)[]

export type FoundCommand = Pick<CommandRow, (typeof COLUMNS)[number]> & { readonly key: Key }

/** Commands that match, in an order, after `place` and as many more as `skip` says. */
export function searchCommands(
  reader: Reader,
  scope: Scope,
  search: CommandSearch,
  { by, descending }: CommandOrder,
  { place, skip, limit }: { place: CommandPlace | undefined; skip: number; limit: number },
): Promise<FoundCommand[]> {
  const key = ORDERS[by]
  const direction = descending ? 'desc' : 'asc'
  let query = matching(reader, scope, search).select(COLUMNS).select(key.as('key'))
  if (place)
    query = query.where(sql<boolean>`(${key}, id) ${sql.raw(descending ? '<' : '>')} (${place.key}, ${place.id})`)
  return query.orderBy(key, direction).orderBy('id', direction).limit(limit).offset(skip).execute()
}

/** How many commands match. */
export async function countCommands(reader: Reader, scope: Scope, search: CommandSearch): Promise<number> {
  const { count } = await matching(reader, scope, search)
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

function matching(reader: Reader, { account, region }: Scope, search: CommandSearch) {
  let query = tables<CommandTables>(reader)
    .selectFrom('command')
    .where('account', '=', account)
    .where('region', '=', region)
  const { texts, states, documentNames, nodeId, since, until } = search
  const words = sql<string>`coalesce(words, lower(id || ' ' || document_name || ' ' || origin))`
  for (const text of texts) query = query.where(hasText(words, text.toLowerCase()))
  if (states) query = query.where((eb) => eb.or([eb('status', 'in', states), eb('status_details', 'in', states)]))
  if (documentNames) query = query.where('document_name', 'in', documentNames)
  if (since) query = query.where('requested_at', '>=', since.toISOString())
  if (until) query = query.where('requested_at', '<', until.toISOString())
  if (nodeId) {
    const touched = tables<CommandTables>(reader)
      .selectFrom('command_invocation')
      .select('command_id')
      .where('node_id', '=', nodeId)
    query = query.where('id', 'in', touched)
  }
  return query
}
