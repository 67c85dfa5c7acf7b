/**
 * Slows down guessing, by the name that is tried and by the address it is tried from. An attempt is counted as wrong before anything
 * is looked at, so that many at once count too; a right one takes that back. Names that nobody has count like all others, which
 * tells nothing of who there is. The root signs in with links, which cannot be guessed, so nobody can lock it out.
 */
import { type FailedAttempts, secondsToWait } from '#capabilities/iam/index.ts'
import { type Tx, tables } from '#db/database.ts'
import { tooManyAttempts } from './errors.ts'
import type { SignInTables } from './tables.ts'

/** Behind one address may be many people. */
const FREE_OF_ADDRESS = 30
/** Forgotten after so long without another. */
export const ATTEMPTS_MS = 3_600_000

const userSubject = (name: string) => `user ${name}`
const addressSubject = (address: string) => `address ${address}`

/** Counts an attempt. Throws `TooManyAttemptsException` if it comes too soon after wrong ones, which is not counted. */
export async function beginAttempt(tx: Tx, now: Date, address: string, userName: string | undefined): Promise<void> {
  const subjects = [addressSubject(address), ...(userName === undefined ? [] : [userSubject(userName)])]
  const attempts = []
  for (const subject of subjects) attempts.push(await lockedAttempts(tx, now, subject))
  const [ofAddress, ofUser] = attempts
  const waits = [secondsToWait(ofAddress!, now, FREE_OF_ADDRESS), ofUser ? secondsToWait(ofUser, now) : 0]
  const seconds = Math.max(...waits)
  if (seconds > 0) throw tooManyAttempts(seconds)
  await tables<SignInTables>(tx)
    .updateTable('sign_in_attempts')
    .set((eb) => ({ failures: eb('failures', '+', 1), failed_at: now.toISOString() }))
    .where('subject', 'in', subjects)
    .execute()
}

/** The attempt was right. What else came from the address still counts. */
export async function endAttempt(tx: Tx, address: string, userName: string | undefined): Promise<void> {
  const db = tables<SignInTables>(tx)
  await db
    .updateTable('sign_in_attempts')
    .set((eb) => ({ failures: eb('failures', '-', 1) }))
    .where('subject', '=', addressSubject(address))
    .where('failures', '>', 0)
    .execute()
  if (userName === undefined) return
  await db.deleteFrom('sign_in_attempts').where('subject', '=', userSubject(userName)).execute()
}

/** What is counted so far. Until `tx` ends nobody else learns of it, so attempts at once come one after the other. */
async function lockedAttempts(tx: Tx, now: Date, subject: string): Promise<FailedAttempts> {
  const { failures, failed_at } = await tables<SignInTables>(tx)
    .insertInto('sign_in_attempts')
    .values({ subject, failures: 0, failed_at: now.toISOString() })
    .onConflict((conflict) =>
      conflict.column('subject').doUpdateSet((eb) => ({ failures: eb.ref('sign_in_attempts.failures') })),
    )
    .returning(['failures', 'failed_at'])
    .executeTakeFirstOrThrow()
  return { failures, failedAt: new Date(failed_at) }
}
