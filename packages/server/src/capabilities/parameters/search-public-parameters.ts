/** Public parameters as a person looks through them: what is built in and in no table, among what operators imported. */
import { type Asker, builtInUnder, meetsFilters } from './public-parameters.ts'
import {
  childOf,
  inFolderOrder,
  type ParameterFolder,
  type ParameterPage,
  type ParameterSearch,
  searchParameters,
} from './search-parameters.ts'
import type { ParameterTable } from './tables.ts'

/** A page of what lies under a public path. */
export async function searchPublicParameters(
  asker: Asker,
  region: string,
  search: ParameterSearch,
): Promise<ParameterPage> {
  const { skip, limit } = search
  const scope = { account: '', region }
  const under = { path: search.path, recursive: true }
  const builtIn = (await builtInUnder(asker, region, under)).filter((row) => isFound(row, search))
  if (builtIn.length === 0) return searchParameters(asker.db, scope, search)
  const imported = await searchParameters(asker.db, scope, { ...search, skip: 0, limit: skip + limit })
  const here = search.recursive ? builtIn : builtIn.filter(({ parent }) => parent === search.path)
  const folders = inFolderOrder([...imported.folders, ...foldersOf(builtIn, search)], search)
  const rows = inOrder([...imported.rows, ...here], search)
  const shown = folders.slice(skip, skip + limit)
  const first = Math.max(0, skip - folders.length)
  return {
    folders: shown,
    rows: rows.slice(first, first + limit - shown.length),
    folderCount: imported.folderCount + folders.length - imported.folders.length,
    rowCount: imported.rowCount + here.length,
    total: imported.total + builtIn.length,
  }
}

function isFound(row: ParameterTable, { words, filters }: ParameterSearch): boolean {
  const name = row.name.toLowerCase()
  return meetsFilters(row, filters) && words.every((word) => name.includes(word.toLowerCase()))
}

function foldersOf(rows: readonly ParameterTable[], { path, recursive }: ParameterSearch): ParameterFolder[] {
  const below = recursive ? [] : rows.filter(({ parent }) => parent !== path)
  const folders = Map.groupBy(below, ({ parent }) => childOf(path, parent))
  return [...folders].map(([folder, { length: count }]) => ({ path: folder, count }))
}

/** By what is asked for, and equals by their keys. */
function inOrder(rows: readonly ParameterTable[], { sortBy, descending }: ParameterSearch): ParameterTable[] {
  const order = descending ? -1 : 1
  const compare = (column: keyof ParameterTable) => (one: ParameterTable, other: ParameterTable) => {
    const [a, b] = [one[column] ?? '', other[column] ?? '']
    return a === b ? 0 : a < b ? -order : order
  }
  return rows.toSorted(compare('key')).toSorted(compare(sortBy))
}
