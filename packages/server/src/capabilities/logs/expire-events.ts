/**
 * Takes events away that nobody can see any more: those older than their group's retention, and those of groups and streams that were
 * deleted. A few thousand in each transaction, so that nobody waits for it.
 */
import { type Reader, type Tx, tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { dropDeleted, dropOlder } from './event-store.ts'
import { addStoredBytes } from './group-store.ts'
import { keptSince } from './log-group.ts'
import type { LogDeletedRow, LogGroupRow, LogTables } from './tables.ts'

const AT_ONCE = 5_000

export const expireEvents = task({
  name: 'logs.expire-events',
  everyMs: 600_000,
  async run(context) {
    const events = { expired: 0, deleted: 0 }
    for (const gone of await context.read(deletedThings)) {
      events.deleted += await repeatedly(context, (tx) => dropSomeDeleted(tx, gone))
    }
    // A clock that jumped ahead must not empty groups before somebody notices.
    if (!context.clockIsSteady()) return events
    const now = context.now()
    for (const group of await context.read(groupsWithRetention)) {
      events.expired += await repeatedly(context, (tx) => dropSomeExpired(tx, group, now))
    }
    return events
  },
})

/** Until there is nothing left to drop; answers how much was. */
async function repeatedly({ write, signal }: TaskContext, drop: (tx: Tx) => Promise<number>): Promise<number> {
  let dropped = 0
  for (let some = AT_ONCE; some === AT_ONCE && !signal.aborted; dropped += some) some = await write(drop)
  return dropped
}

async function dropSomeDeleted(tx: Tx, gone: LogDeletedRow): Promise<number> {
  const { events, bytes } = await dropDeleted(tx, gone, AT_ONCE)
  if (gone.stream_id !== null) await addStoredBytes(tx, gone.group_id, -bytes)
  if (events < AT_ONCE) {
    await tables<LogTables>(tx)
      .deleteFrom('log_deleted')
      .where('group_id', '=', gone.group_id)
      .where('stream_id', gone.stream_id === null ? 'is' : '=', gone.stream_id)
      .execute()
  }
  return events
}

async function dropSomeExpired(tx: Tx, group: LogGroupRow, now: Date): Promise<number> {
  const { events, bytes } = await dropOlder(tx, group.id, keptSince(group, now), AT_ONCE)
  if (events > 0) await addStoredBytes(tx, group.id, -bytes)
  return events
}

function deletedThings(reader: Reader): Promise<LogDeletedRow[]> {
  return tables<LogTables>(reader).selectFrom('log_deleted').selectAll().execute()
}

function groupsWithRetention(reader: Reader): Promise<LogGroupRow[]> {
  return tables<LogTables>(reader).selectFrom('log_group').selectAll().where('retention_days', 'is not', null).execute()
}
