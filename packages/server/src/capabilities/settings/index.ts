import { capability } from '#kernel/declare.ts'
import { migrations } from './tables.ts'

export { settingOf } from './store.ts'

/** Service settings: how an account wants Systems Manager to behave where it may choose. */
export const settingsCapability = capability({
  name: 'settings',
  url: import.meta.url,
  migrations,
})
