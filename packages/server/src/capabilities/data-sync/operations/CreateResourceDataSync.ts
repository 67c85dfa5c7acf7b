import { ssm } from '#capabilities/ssm.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { checkBucket, writingDemands } from '../bucket-access.ts'
import { syncAlreadyExists, tooManySyncs } from '../errors.ts'
import { findSync, insertSync, listSyncs } from '../store.ts'
import {
  checkDestination,
  checkSource,
  MOST_SYNCS,
  NOTHING_TO_COPY,
  syncArn,
  syncType,
  TO_DESTINATION,
} from '../sync.ts'
import { syncData } from '../sync-data.ts'
import type { DataSyncRow } from '../tables.ts'

export const CreateResourceDataSync = ssm.write('CreateResourceDataSync', {
  access: ({ SyncName, SyncType = TO_DESTINATION, S3Destination }, call) => ({
    action: 'ssm:CreateResourceDataSync',
    resources: [syncArn(call.scope, SyncName)],
    context: { 'ssm:SyncType': SyncType },
    also: async () => (S3Destination ? writingDemands(call, SyncName, S3Destination) : []),
  }),

  async handle({ SyncName: name, SyncType = TO_DESTINATION, S3Destination, SyncSource }, call) {
    const type = syncType(SyncType)
    if (await findSync(call.db, call.scope, name)) throw syncAlreadyExists(name)
    const others = await listSyncs(call.db, call.scope, { type, after: '', limit: MOST_SYNCS })
    if (others.length >= MOST_SYNCS) throw tooManySyncs(MOST_SYNCS, type)
    const { account, region } = call.scope
    const at = call.now.toISOString()
    const row = { account, region, name, id: call.ids.uuid(), type, created_at: at, modified_at: at, wrote_to: null }
    if (type === TO_DESTINATION) {
      const destination = checkDestination(S3Destination, SyncSource)
      await checkBucket(call, destination)
      await begin(call, { ...row, ...NEVER, settings: JSON.stringify(destination) })
    } else {
      const settings = JSON.stringify(checkSource(SyncSource, S3Destination))
      await begin(call, { ...row, ...NOTHING_TO_COPY, last_sync_at: at, last_success_at: at, settings })
    }
    return {}
  },
})

/** It begins as soon as it is made. */
const NEVER = { status: 'InProgress', message: '', last_sync_at: null, last_success_at: null } as const

async function begin(call: WriteCall, row: DataSyncRow): Promise<void> {
  await insertSync(call.db, row)
  call.wake(syncData)
}
