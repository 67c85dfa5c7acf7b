import type { AccountSettings } from '@steward/model/generated/resource-groups.ts'
import { setEvents, wantsEvents } from '../group-events.ts'
import { resourceGroups } from '../services.ts'

export const GetAccountSettings = resourceGroups.read('GetAccountSettings', {
  access: () => ({ action: 'resource-groups:GetAccountSettings', resources: ['*'] }),

  async handle(_input, call) {
    return { AccountSettings: toSettings(await wantsEvents(call.db, call.scope)) }
  },
})

/** Whether groups tell of what happens to them and to what is in them (RG-10). */
export const UpdateAccountSettings = resourceGroups.write('UpdateAccountSettings', {
  access: () => ({ action: 'resource-groups:UpdateAccountSettings', resources: ['*'] }),

  async handle({ GroupLifecycleEventsDesiredStatus: desired }, { db, scope }) {
    const before = await wantsEvents(db, scope)
    const after = desired === undefined ? before : desired === 'ACTIVE'
    if (after !== before) await setEvents(db, scope, after)
    return { AccountSettings: toSettings(after) }
  },
})

function toSettings(wanted: boolean): AccountSettings {
  const status = wanted ? 'ACTIVE' : 'INACTIVE'
  return { GroupLifecycleEventsDesiredStatus: status, GroupLifecycleEventsStatus: status }
}
