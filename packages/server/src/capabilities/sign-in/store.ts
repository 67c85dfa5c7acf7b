import type { SignInMethod } from '@steward/model/generated/steward.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { SignInDirectory } from '#kernel/declare.ts'
import type { SignInTable, SignInTables } from './tables.ts'

/** Somebody who is signed in. */
export interface SignedIn {
  readonly id: string
  readonly account: string
  readonly principalArn: string
  readonly signedInAt: Date
  readonly expiresAt: Date
  readonly endsAt: Date
  /** With `sourceIp`: undefined if the sign-in is older than the note of it. */
  readonly method: SignInMethod | undefined
  readonly sourceIp: string | undefined
}

export const signInDirectory: SignInDirectory = {
  isOpen: async (reader, id) => (await findSignIn(reader, id)) !== undefined,
  async wasEnded(reader, id) {
    const row = await tables<SignInTables>(reader)
      .selectFrom('sign_in_ended')
      .select('id')
      .where('id', '=', id)
      .executeTakeFirst()
    return row !== undefined
  },
}

export async function addSignIn(tx: Tx, signIn: SignedIn): Promise<void> {
  await tables<SignInTables>(tx)
    .insertInto('sign_in')
    .values({
      id: signIn.id,
      account: signIn.account,
      principal_arn: signIn.principalArn,
      signed_in_at: signIn.signedInAt.toISOString(),
      expires_at: signIn.expiresAt.toISOString(),
      ends_at: signIn.endsAt.toISOString(),
      method: signIn.method ?? null,
      source_ip: signIn.sourceIp ?? null,
    })
    .execute()
}

export async function findSignIn(reader: Reader, id: string): Promise<SignedIn | undefined> {
  const row = await tables<SignInTables>(reader)
    .selectFrom('sign_in')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row && toSignedIn(row)
}

/** Who is signed in at `now`, the latest first, beginning after the sign-in `after`. */
export async function listSignIns(
  reader: Reader,
  { account, now, after, limit }: { account: string; now: Date; after: string | undefined; limit: number },
): Promise<SignedIn[]> {
  let query = tables<SignInTables>(reader)
    .selectFrom('sign_in')
    .selectAll()
    .where('account', '=', account)
    .where('expires_at', '>', now.toISOString())
  if (after !== undefined) query = query.where('id', '<', after)
  return (await query.orderBy('id', 'desc').limit(limit).execute()).map(toSignedIn)
}

function toSignedIn(row: SignInTable): SignedIn {
  return {
    id: row.id,
    account: row.account,
    principalArn: row.principal_arn,
    signedInAt: new Date(row.signed_in_at),
    expiresAt: new Date(row.expires_at),
    endsAt: new Date(row.ends_at),
    method: row.method ?? undefined,
    sourceIp: row.source_ip ?? undefined,
  }
}

export async function extendSignIn(tx: Tx, id: string, expiresAt: Date): Promise<void> {
  await tables<SignInTables>(tx)
    .updateTable('sign_in')
    .set({ expires_at: expiresAt.toISOString() })
    .where('id', '=', id)
    .execute()
}

export async function removeSignIn(tx: Tx, id: string): Promise<void> {
  await tables<SignInTables>(tx).deleteFrom('sign_in').where('id', '=', id).execute()
}

/** Roles live so long at most, by whatever other roles they were assumed. */
const LONGEST_ROLE_MS = 43_200_000

/** Takes a sign-in from whoever has it, with all roles that were assumed in it. */
export async function endSignIn(tx: Tx, id: string, now: Date): Promise<void> {
  await removeSignIn(tx, id)
  const until = new Date(now.getTime() + LONGEST_ROLE_MS).toISOString()
  await tables<SignInTables>(tx).insertInto('sign_in_ended').values({ id, until }).execute()
}

/** Forgets what has no meaning any more at `now`; attempts are forgotten if the last one was before `attemptsBefore`. */
export async function removeExpired(tx: Tx, now: Date, attemptsBefore: Date): Promise<number> {
  const db = tables<SignInTables>(tx)
  const deleted = [
    await db.deleteFrom('sign_in').where('expires_at', '<=', now.toISOString()).executeTakeFirstOrThrow(),
    await db.deleteFrom('sign_in_ended').where('until', '<=', now.toISOString()).executeTakeFirstOrThrow(),
    await db.deleteFrom('sign_in_ticket').where('expires_at', '<=', now.toISOString()).executeTakeFirstOrThrow(),
    await db
      .deleteFrom('sign_in_attempts')
      .where('failed_at', '<', attemptsBefore.toISOString())
      .executeTakeFirstOrThrow(),
  ]
  return deleted.reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0)
}
