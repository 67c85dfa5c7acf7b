/**
 * Slows down guessing, by the name that is tried and by the address it is tried from. An attempt is counted as wrong before anything
 * is looked at, so that many at once count too; a right one takes that back. Names that nobody has count like all others, which
 * tells nothing of who there is. The root signs in with links, which cannot be guessed, so nobody can lock it out.
 */
import { secondsToWait } from '#capabilities/iam/index.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
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
  const waits = [await waitOf(tx, now, addressSubject(address), FREE_OF_ADDRESS)]
  if (userName !== undefined) waits.push(await waitOf(tx, now, userSubject(userName)))
  const seconds = Math.max(...waits)
  if (seconds > 0) throw tooManyAttempts(seconds)
  await count(tx, now, addressSubject(address))
  if (userName !== undefined) await count(tx, now, userSubject(userName))
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

async function waitOf(reader: Reader, now: Date, subject: string, free?: number): Promise<number> {
  const row = await tables<SignInTables>(reader)
    .selectFrom('sign_in_attempts')
    .select(['failures', 'failed_at'])
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row ? secondsToWait({ failures: row.failures, failedAt: new Date(row.failed_at) }, now, free) : 0
}

async function count(tx: Tx, now: Date, subject: string): Promise<void> {
  const failed_at = now.toISOString()
  await tables<SignInTables>(tx)
    .insertInto('sign_in_attempts')
    .values({ subject, failures: 1, failed_at })
    .onConflict((conflict) =>
      conflict
        .column('subject')
        .doUpdateSet((eb) => ({ failures: eb('sign_in_attempts.failures', '+', 1), failed_at })),
    )
    .execute()
}
