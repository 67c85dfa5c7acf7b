/**
 * Tickets: random texts that are handed out and come back once. Only their hash is kept, so who reads the database can use none; the
 * row is taken in the transaction that acts on it, so of two who bring the same ticket one finds nothing.
 */
import { hash } from 'node:crypto'
import { type Tx, tables } from '#db/database.ts'
import type { Ids } from '#kernel/ids.ts'
import type { SignInTables } from './tables.ts'

const TICKET_MS = 600_000
const SECRET_CHARACTERS = 43

export type TicketKind = 'link' | 'oidc'

/** The secret that gets `content` back, and until when. */
export async function addTicket(
  tx: Tx,
  { now, ids }: { readonly now: Date; readonly ids: Ids },
  kind: TicketKind,
  content: object,
): Promise<{ secret: string; expiresAt: Date }> {
  const secret = ids.secret(SECRET_CHARACTERS)
  const expiresAt = new Date(now.getTime() + TICKET_MS)
  await tables<SignInTables>(tx)
    .insertInto('sign_in_ticket')
    .values({
      hash: hash('sha256', secret),
      kind,
      content: JSON.stringify(content),
      expires_at: expiresAt.toISOString(),
    })
    .execute()
  return { secret, expiresAt }
}

/** What the ticket is good for; undefined if it is none, was used, or is too old. It is used up with `tx`. */
export async function takeTicket<T>(tx: Tx, now: Date, kind: TicketKind, secret: string): Promise<T | undefined> {
  const row = await tables<SignInTables>(tx)
    .deleteFrom('sign_in_ticket')
    .where('hash', '=', hash('sha256', secret))
    .where('kind', '=', kind)
    .where('expires_at', '>', now.toISOString())
    .returning('content')
    .executeTakeFirst()
  return row && (JSON.parse(row.content) as T)
}
