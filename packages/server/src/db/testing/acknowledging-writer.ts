/**
 * A process to be killed: writes rows to the SQLite file named by its argument, many at a time, and prints the id of each
 * once it is told that it is durable.
 */
import { openSqlite } from '../sqlite.ts'
import { type EventTable, eventMigrations, insertEvent } from './events.ts'

const AT_ONCE = 20

const database = openSqlite(process.argv[2]!, { checkpointPages: 50 })
await database.migrate(eventMigrations)
const first = Number(process.argv[3])
let next = first

async function writeOnAndOn(): Promise<never> {
  for (;;) {
    const row: EventTable['event'] = { id: next++, text: 'x'.repeat(200) }
    await database.write((tx) => insertEvent(tx, row))
    process.stdout.write(`${row.id}\n`)
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, writeOnAndOn))
