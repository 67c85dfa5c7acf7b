import { afterPrefix, capability } from '#kernel/declare.ts'
import { dataSyncDirectory } from './gathered-regions.ts'
import { dataSync0001 } from './migrations/0001-data-sync.ts'
import { syncData } from './sync-data.ts'

/** Resource data syncs: inventory and compliance of all nodes as files in a bucket, for tools that read AWS's layout (EXP-06 … EXP-08). */
export const dataSyncCapability = capability({
  name: 'data-sync',
  url: import.meta.url,
  changeKinds: [
    { kind: 'resource-data-syncs', read: 'ssm:ListResourceDataSync', idOf: afterPrefix('resource-data-sync/') },
  ],
  migrations: { 'data-sync-0001': dataSync0001 },
  tasks: [syncData],
  dataSyncDirectory,
})
