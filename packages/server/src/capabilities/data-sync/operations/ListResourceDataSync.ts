import { noResource, ssm } from '#capabilities/ssm.ts'
import { listSyncs } from '../store.ts'
import { syncType, toItem } from '../sync.ts'

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
      ResourceDataSyncItems: page.map(toItem),
      NextToken: call.nextToken(rows.length > limit ? page.at(-1)!.name : undefined),
    }
  },
})
