import { ssm } from '#capabilities/ssm.ts'
import { namedArn, settingId, toServiceSetting } from '../setting.ts'
import { resetSetting } from '../store.ts'

export const ResetServiceSetting = ssm.write('ResetServiceSetting', {
  access: (input, call) => ({
    action: 'ssm:ResetServiceSetting',
    resources: [namedArn(call.scope, input.SettingId)],
  }),

  async handle(input, call) {
    const id = settingId(call.scope, input.SettingId)
    await resetSetting(call.db, call.scope, id)
    return { ServiceSetting: toServiceSetting(call.scope, id, undefined) }
  },
})
