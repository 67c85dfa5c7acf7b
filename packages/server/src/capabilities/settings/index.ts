import { capability } from '#kernel/declare.ts'
import { settingOf } from './store.ts'
import { migrations } from './tables.ts'

export { settingOf } from './store.ts'

/** Service settings: how an account wants Systems Manager to behave where it may choose. */
export const settingsCapability = capability({
  name: 'settings',
  url: import.meta.url,
  changeKinds: [{ kind: 'settings', read: 'ssm:GetServiceSetting' }],
  migrations,
  highThroughput: async (reader, scope) =>
    (await settingOf(reader, scope, '/ssm/parameter-store/high-throughput-enabled')) === 'true',
})
