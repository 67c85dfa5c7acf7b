/** Which Regions a sync from sources is about: all of them are in this installation, so what it gathers is read where it is. */
import type { ResourceDataSyncSource } from '@steward/model/generated/ssm.ts'
import { regionsWithNodes } from '#capabilities/nodes/index.ts'
import type { Reader } from '#db/database.ts'
import type { DataSyncDirectory } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { syncNotFound } from './errors.ts'
import { findSync } from './store.ts'
import { FROM_SOURCE } from './sync.ts'
import type { DataSyncRow } from './tables.ts'

export const dataSyncDirectory: DataSyncDirectory = {
  async regionsOf(reader, scope, syncName) {
    const sync = await findSync(reader, scope, syncName)
    if (sync?.type !== FROM_SOURCE) throw syncNotFound()
    return gatheredRegions(reader, scope, sync)
  },
}

/** Its own first, then the others in order of their names. Future Regions are those where there are nodes by now. */
export async function gatheredRegions(
  reader: Reader,
  { account, region }: Scope,
  sync: DataSyncRow,
): Promise<readonly string[]> {
  const { SourceRegions, IncludeFutureRegions } = JSON.parse(sync.settings) as ResourceDataSyncSource & {
    SourceRegions: string[]
  }
  const later = IncludeFutureRegions ? await regionsWithNodes(reader, account) : []
  return [...new Set([region, ...[...SourceRegions, ...later].sort()])]
}
