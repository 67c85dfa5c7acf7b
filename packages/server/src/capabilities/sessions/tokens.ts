/** The tokens with which the sides of a session open its data channel: random, short-lived, good once. */
import { hash } from 'node:crypto'
import type { Kysely } from 'kysely'
import { type Tx, tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import type { SessionSide } from '#kernel/declare.ts'
import { type Ids, randomIds } from '#kernel/ids.ts'
import type { SessionTables } from './tables.ts'

const LENGTH = 44
const LIFE_MS = 60_000

/** A new token. A client or node has one at a time: a former one that was not used is void. */
export async function issueToken(
  tx: Tx,
  sessionId: string,
  side: SessionSide,
  now: Date,
  ids: Ids = randomIds,
): Promise<string> {
  const token = ids.secret(LENGTH)
  const db = tables<SessionTables>(tx)
  if (side !== 'viewer') {
    await db.deleteFrom('session_token').where('session_id', '=', sessionId).where('side', '=', side).execute()
  }
  await db
    .insertInto('session_token')
    .values({
      token_hash: hash('sha256', token),
      session_id: sessionId,
      side,
      expires_at: new Date(now.getTime() + LIFE_MS).toISOString(),
    })
    .execute()
  return token
}

const takeToken = statement((db: Kysely<SessionTables>, tokenHash: string, sessionId: string) =>
  db
    .deleteFrom('session_token')
    .where('token_hash', '=', tokenHash)
    .where('session_id', '=', sessionId)
    .returning(['side', 'expires_at']),
)

/** Uses a token up. Undefined if there is no such token of this session, or it is too old. */
export async function redeemToken(
  tx: Tx,
  sessionId: string,
  token: string,
  now: Date,
): Promise<SessionSide | undefined> {
  const [row] = await takeToken(tx, hash('sha256', token), sessionId)
  return row && row.expires_at > now.toISOString() ? row.side : undefined
}

export async function forgetTokens(tx: Tx, now: Date): Promise<number> {
  const { numDeletedRows } = await tables<SessionTables>(tx)
    .deleteFrom('session_token')
    .where('expires_at', '<=', now.toISOString())
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
