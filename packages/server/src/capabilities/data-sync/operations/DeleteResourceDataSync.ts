import { ssm } from '#capabilities/ssm.ts'
import { syncNotFound } from '../errors.ts'
import { deleteSync, findSync } from '../store.ts'
import { syncArn, syncType } from '../sync.ts'

/** What it wrote stays in its bucket. */
export const DeleteResourceDataSync = ssm.write('DeleteResourceDataSync', {
  access: ({ SyncName, SyncType }, call) => ({
    action: 'ssm:DeleteResourceDataSync',
    resources: [syncArn(call.scope, SyncName)],
    ...(SyncType !== undefined && { context: { 'ssm:SyncType': SyncType } }),
  }),

  async handle({ SyncName: name, SyncType }, call) {
    const type = SyncType === undefined ? undefined : syncType(SyncType)
    const sync = await findSync(call.db, call.scope, name)
    if (!sync || (type !== undefined && sync.type !== type)) throw syncNotFound()
    await deleteSync(call.db, sync)
    return {}
  },
})
