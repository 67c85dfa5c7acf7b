import { task } from '#kernel/declare.ts'
import { ATTEMPTS_MS } from './attempts.ts'
import { removeExpired } from './store.ts'

const EVERY_MS = 600_000

/** Forgets who was idle for too long, links that nobody followed, and attempts of long ago. */
export const expireSignIns = task({
  name: 'sign-in.expire',
  everyMs: EVERY_MS,
  async run({ write, now }) {
    const at = now()
    return { expired: await write((tx) => removeExpired(tx, at, new Date(at.getTime() - ATTEMPTS_MS))) }
  },
})
