import type { ParameterSortKey } from '@steward/model/generated/steward.ts'
import { arn } from '#kernel/scope.ts'
import { describeFilters } from '../filters.ts'
import { isPublic, parsePath } from '../name.ts'
import { toMetadata } from '../parameter.ts'
import { searchParameters } from '../search-parameters.ts'
import { searchPublicParameters } from '../search-public-parameters.ts'
import { steward } from '../steward.ts'
import type { ParameterTable } from '../tables.ts'

const PAGE = 50
const COLUMNS: Readonly<Record<ParameterSortKey, keyof ParameterTable>> = {
  Name: 'key',
  Type: 'type',
  Tier: 'tier',
  Version: 'version',
  LastModifiedDate: 'modified_at',
  LastModifiedUser: 'modified_by',
  Description: 'description',
  DataType: 'data_type',
  KeyId: 'key_id',
}

/** What `DescribeParameters` shows, in any order, from any place, with counts; not recursive, with the folders of that level first. */
export const SearchParameters = steward.read('SearchParameters', {
  access: (_, call) => ({ action: 'ssm:DescribeParameters', resources: [arn(call.scope, 'ssm', '*')] }),

  async handle({ Path = '/', Query = '', ParameterFilters: given, SortBy = 'Name', ...input }, call) {
    const path = parsePath(Path)
    const search = {
      path,
      recursive: input.Recursive ?? true,
      words: Query.split(/\s+/).filter(Boolean),
      filters: describeFilters([], given),
      sortBy: COLUMNS[SortBy],
      descending: input.SortOrder === 'Descending',
      skip: input.Skip ?? 0,
      limit: input.MaxResults ?? PAGE,
    }
    const found = isPublic(`${path}/`)
      ? await searchPublicParameters(call, call.scope.region, search)
      : await searchParameters(call.db, call.scope, search)
    return {
      Folders: found.folders.map(({ path, count }) => ({ Path: path, ParameterCount: count })),
      Parameters: found.rows.map(toMetadata),
      FolderCount: found.folderCount,
      ParameterCount: found.rowCount,
      TotalCount: found.total,
    }
  },
})
