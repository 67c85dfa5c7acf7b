/** Parameters as a person looks through them: page by page, in any order, and level by level with the folders of each. */
import { type SqlBool, sql } from 'kysely'
import type { Reader } from '#db/database.ts'
import { hasText } from '#db/has-text.ts'
import type { Scope } from '#kernel/scope.ts'
import { rangeUnder } from './name.ts'
import { filteredParameters, type ParameterFilters } from './store.ts'
import type { ParameterTable } from './tables.ts'

export interface ParameterSearch {
  readonly path: string
  readonly recursive: boolean
  /** Each in the name or the description, whatever its case. */
  readonly words: readonly string[]
  readonly filters: Omit<ParameterFilters, 'paths'>
  readonly sortBy: keyof ParameterTable
  readonly descending: boolean
  readonly skip: number
  readonly limit: number
}

/** A path that lies directly under the one that is looked at, and how many of the parameters that are looked for lie under it. */
export interface ParameterFolder {
  readonly path: string
  readonly count: number
}

export interface ParameterPage {
  readonly folders: readonly ParameterFolder[]
  readonly rows: readonly ParameterTable[]
  readonly folderCount: number
  readonly rowCount: number
  /** Parameters on this level and below. */
  readonly total: number
}

/** A page of what is found; unless it is recursive, folders stand before parameters. */
export async function searchParameters(reader: Reader, scope: Scope, search: ParameterSearch): Promise<ParameterPage> {
  const { recursive, skip, limit } = search
  const folders = recursive ? [] : await foldersIn(reader, scope, search)
  const shown = folders.slice(skip, skip + limit)
  const found = query(reader, scope, search, recursive)
  const { rowCount } = await found.select((eb) => eb.fn.countAll<number>().as('rowCount')).executeTakeFirstOrThrow()
  const below = folders.reduce((sum, { count }) => sum + count, 0)
  const room = limit - shown.length
  const rows = room === 0 ? [] : await ordered(found, search, Math.max(0, skip - folders.length), room)
  return {
    folders: shown,
    rows,
    folderCount: folders.length,
    rowCount: Number(rowCount),
    total: Number(rowCount) + below,
  }
}

function query(reader: Reader, scope: Scope, { path, words, filters }: ParameterSearch, recursive: boolean) {
  let found = filteredParameters(reader, scope, { ...filters, paths: [{ path, recursive }] })
  for (const word of words) {
    const within = ['name', 'description'].map((column) => hasText(sql`lower(${sql.ref(column)})`, word.toLowerCase()))
    found = found.where(sql<SqlBool>`(${sql.join(within, sql` or `)})`)
  }
  return found
}

function ordered(
  found: ReturnType<typeof query>,
  { sortBy, descending }: ParameterSearch,
  skip: number,
  limit: number,
) {
  const direction = descending ? 'desc' : 'asc'
  let page = found.selectAll().orderBy(sortBy, direction)
  if (sortBy !== 'key') page = page.orderBy('key', direction)
  return page.offset(skip).limit(limit).execute()
}

/** Parameters know what they lie in; what that lies in, on the level that is looked at, follows from it. */
async function foldersIn(reader: Reader, scope: Scope, search: ParameterSearch): Promise<ParameterFolder[]> {
  const { path } = search
  const { after, before } = rangeUnder(path)
  const parents = await query(reader, scope, search, true)
    .where('parent', '>', after)
    .where('parent', '<', before)
    .select((eb) => ['parent', eb.fn.countAll<number>().as('count')])
    .groupBy('parent')
    .execute()
  const counts = new Map<string, number>()
  for (const { parent, count } of parents) {
    const folder = childOf(path, parent)
    counts.set(folder, (counts.get(folder) ?? 0) + Number(count))
  }
  return inFolderOrder(
    [...counts].map(([folder, count]) => ({ path: folder, count })),
    search,
  )
}

/** Folders have nothing but a name to be sorted by. */
export function inFolderOrder(
  folders: readonly ParameterFolder[],
  { sortBy, descending }: ParameterSearch,
): ParameterFolder[] {
  const order = sortBy === 'key' && descending ? -1 : 1
  return folders.toSorted((one, other) => (one.path < other.path ? -order : order))
}

/** `/a/b` for `/a/b/c` under `/a`. */
export function childOf(path: string, below: string): string {
  const start = path === '/' ? 1 : path.length + 1
  const end = below.indexOf('/', start)
  return end < 0 ? below : below.slice(0, end)
}
