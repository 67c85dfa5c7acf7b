import type { ResourceDataSyncS3Destination, ResourceDataSyncSource } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { checkBucket, writingDemands } from '../bucket-access.ts'
import { syncAlreadyExists, tooManySyncs } from '../errors.ts'
import { findSync, insertSync, listSyncs } from '../store.ts'
import { checkDestination, checkSource, MOST_SYNCS, syncArn, syncType, TO_DESTINATION } from '../sync.ts'
import { syncData } from '../sync-data.ts'

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
    const begun =
      type === TO_DESTINATION
        ? await toDestination(call, name, checkDestination(S3Destination, SyncSource))
        : fromSource(checkSource(SyncSource, S3Destination))
    const { account, region } = call.scope
    const at = call.now.toISOString()
    const row = { account, region, name, id: call.ids.uuid(), type, created_at: at, modified_at: at, wrote_to: null }
    await insertSync(call.db, { ...row, ...begun })
    call.wake(syncData)
    return {}
  },
})

async function toDestination(call: WriteCall, name: string, destination: ResourceDataSyncS3Destination) {
  await checkBucket(call, name, destination)
  const never = { last_sync_at: null, last_success_at: null }
  return { settings: JSON.stringify(destination), status: 'InProgress' as const, message: '', ...never }
}

/** It has no state of its own: see `gathered-regions.ts`. */
function fromSource(source: ResourceDataSyncSource) {
  const never = { last_sync_at: null, last_success_at: null }
  return { settings: JSON.stringify(source), status: 'Successful' as const, message: '', ...never }
}
