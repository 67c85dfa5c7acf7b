import { ssm } from '#capabilities/ssm.ts'
import { invalidConfiguration, syncNotFound } from '../errors.ts'
import { changeSync, findSync } from '../store.ts'
import { checkSource, FROM_SOURCE, NOTHING_TO_COPY, syncArn, syncType } from '../sync.ts'

export const UpdateResourceDataSync = ssm.write('UpdateResourceDataSync', {
  access: ({ SyncName, SyncType }, call) => ({
    action: 'ssm:UpdateResourceDataSync',
    resources: [syncArn(call.scope, SyncName)],
    context: { 'ssm:SyncType': SyncType },
  }),

  async handle({ SyncName: name, SyncType, SyncSource }, call) {
    if (syncType(SyncType) !== FROM_SOURCE)
      throw invalidConfiguration(`Only syncs of the type ${FROM_SOURCE} can be updated.`)
    const sync = await findSync(call.db, call.scope, name)
    if (sync?.type !== FROM_SOURCE) throw syncNotFound(name)
    const at = call.now.toISOString()
    await changeSync(call.db, sync, {
      ...NOTHING_TO_COPY,
      settings: JSON.stringify(checkSource(SyncSource, undefined)),
      modified_at: at,
      last_sync_at: at,
      last_success_at: at,
    })
    return {}
  },
})
