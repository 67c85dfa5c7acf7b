import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import type { Kysely } from 'kysely'
import { bulkInserter, listStatement } from './statement.ts'

interface Tables {
  thing: { name: string; kind: string }
}

const migrations = {
  'things-0001': {
    up: ({ schema }: Kysely<unknown>) =>
      schema
        .createTable('thing')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('kind', 'text', (column) => column.notNull())
        .execute(),
  },
}

const addThings = bulkInserter<Tables>('thing')
const namesOf = listStatement((db: Kysely<Tables>, names: readonly string[], kind: string) =>
  db.selectFrom('thing').select('name').where('name', 'in', names).where('kind', '=', kind),
)

for (const kind of DATABASES) {
  test(`a query by a list finds the same for lists of every length (${kind})`, async () => {
    await using db = await openTestDatabase(kind, migrations)
    const names = Array.from({ length: 600 }, (_, index) => `thing-${index}`)
    await db.write((tx) => addThings(tx, [...names.map((name) => ({ name, kind: 'a' })), { name: 'other', kind: 'b' }]))
    for (const length of [0, 1, 2, 8, 9, 64, 65, 256, 257, 600]) {
      const wanted = names.slice(0, length)
      const found = await db.write((tx) => namesOf(tx, [...wanted, 'other', 'unknown'], 'a'))
      assert.deepEqual(found.map(({ name }) => name).sort(), wanted.toSorted(), `${length}`)
    }
    assert.deepEqual(await db.write((tx) => namesOf(tx, [], 'a')), [])
  })
}
