import { capability } from '#kernel/declare.ts'
import { expireSignIns } from './expire-sign-ins.ts'
import { signIn0001 } from './migrations/0001-sign-in.ts'
import { signIn0002 } from './migrations/0002-origin.ts'
import { signIn0003 } from './migrations/0003-ended.ts'
import { signInDirectory } from './store.ts'

/** How people become callers: a password, a one-time link, single sign-on. What they get is good for the console and for nothing less. */
export const signInCapability = capability({
  name: 'sign-in',
  url: import.meta.url,
  migrations: { 'sign-in-0001': signIn0001, 'sign-in-0002': signIn0002, 'sign-in-0003': signIn0003 },
  tasks: [expireSignIns],
  signIns: signInDirectory,
})
