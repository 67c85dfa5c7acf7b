import type { ResourceDataSyncItem } from '@steward/model/generated/ssm.ts'
import { noResource, ssm } from '#capabilities/ssm.ts'
import type { Call } from '#kernel/declare.ts'
import { gatheredRegions } from '../gathered-regions.ts'
import { listSyncs } from '../store.ts'
import { fromSourceItem, syncType, TO_DESTINATION, toDestinationItem } from '../sync.ts'
import type { DataSyncRow } from '../tables.ts'

const PAGE = 50

export const ListResourceDataSync = ssm.read('ListResourceDataSync', {
  access: ({ SyncType }, call) => ({
    action: 'ssm:ListResourceDataSync',
    resources: noResource(call.scope),
    ...(SyncType !== undefined && { context: { 'ssm:SyncType': SyncType } }),
  }),

  async handle({ SyncType, MaxResults: limit = PAGE }, call) {
    const type = SyncType === undefined ? undefined : syncType(SyncType)
    const after = call.cursor<string>() ?? ''
    const rows = await listSyncs(call.db, call.scope, { type, after, limit: limit + 1 })
    const page = rows.slice(0, limit)
    return {
      ResourceDataSyncItems: await Promise.all(page.map((row) => toItem(call, row))),
      NextToken: call.nextToken(rows.length > limit ? page.at(-1)!.name : undefined),
    }
  },
})

async function toItem({ db, scope, now }: Call, row: DataSyncRow): Promise<ResourceDataSyncItem> {
  if (row.type === TO_DESTINATION) return toDestinationItem(row)
  return fromSourceItem(row, await gatheredRegions(db, scope, row), now)
}
