import { ssm } from '#capabilities/ssm.ts'
import { invalidConfiguration, syncNotFound } from '../errors.ts'
import { changeSync, findSync } from '../store.ts'
import { checkSource, FROM_SOURCE, syncArn, syncType } from '../sync.ts'

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
    if (sync?.type !== FROM_SOURCE) throw syncNotFound()
    const settings = JSON.stringify(checkSource(SyncSource, undefined))
    await changeSync(call.db, sync, { settings, status: 'Successful', modified_at: call.now.toISOString() })
    return {}
  },
})
