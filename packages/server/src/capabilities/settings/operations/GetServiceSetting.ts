import { ssm } from '#capabilities/ssm.ts'
import { namedArn, settingId, toServiceSetting } from '../setting.ts'
import { changedSetting } from '../store.ts'

export const GetServiceSetting = ssm.read('GetServiceSetting', {
  access: (input, call) => ({
    action: 'ssm:GetServiceSetting',
    resources: [namedArn(call.scope, input.SettingId)],
  }),

  async handle(input, call) {
    const id = settingId(call.scope, input.SettingId)
    return { ServiceSetting: toServiceSetting(call.scope, id, await changedSetting(call.db, call.scope, id)) }
  },
})
