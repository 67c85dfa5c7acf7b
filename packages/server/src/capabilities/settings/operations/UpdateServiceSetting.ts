import { ssm } from '#capabilities/ssm.ts'
import { checkSettingValue, namedArn, rolePassed, settingId } from '../setting.ts'
import { changeSetting } from '../store.ts'

export const UpdateServiceSetting = ssm.write('UpdateServiceSetting', {
  access: (input, { scope }) => [
    { action: 'ssm:UpdateServiceSetting', resources: [namedArn(scope, input.SettingId)] },
    ...rolePassed(scope, input.SettingId, input.SettingValue),
  ],

  async handle(input, call) {
    const id = settingId(call.scope, input.SettingId)
    checkSettingValue(id, input.SettingValue)
    const { account, region } = call.scope
    const changed = { modified_at: call.now.toISOString(), modified_by: call.principal.arn }
    await changeSetting(call.db, { account, region, id, value: input.SettingValue, ...changed })
    return {}
  },
})
