import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writtenAtEnd } from '@steward/server/db/at-end.ts'
import { committedOf, tables } from '@steward/server/db/database.ts'
import { DATABASES, openTestDatabase } from './databases.ts'

interface Thing {
  thing: { id: string; count: number }
}

const migrations = {
  'thing-0001': {
    up: async (schema: import('kysely').Kysely<unknown>) => {
      await schema.schema
        .createTable('thing')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('count', 'integer')
        .execute()
    },
  },
}

for (const kind of DATABASES) {
  test(`what one piece of work writes is whole or not there at all (${kind})`, async () => {
    await using db = await openTestDatabase(kind, migrations)
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        db.write(async (tx) => {
          await tables<Thing>(tx)
            .insertInto('thing')
            .values({ id: `${i}`, count: i })
            .execute()
          if (i % 2) throw new Error('odd')
        }),
      ),
    )
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 10)
    const rows = await db.read((reader) => tables<Thing>(reader).selectFrom('thing').selectAll().execute())
    assert.deepEqual(
      rows.map(({ count }) => count).sort((a, b) => a - b),
      [0, 2, 4, 6, 8, 10, 12, 14, 16, 18],
    )
  })

  test(`beside a transaction one sees what was committed, and nothing of what it wrote itself (${kind})`, async () => {
    await using db = await openTestDatabase(kind, migrations)
    const add = (id: string) =>
      db.write((tx) => tables<Thing>(tx).insertInto('thing').values({ id, count: 1 }).execute())
    await add('before')
    const seen = await db.write(async (tx) => {
      await tables<Thing>(tx).insertInto('thing').values({ id: 'own', count: 1 }).execute()
      return tables<Thing>(committedOf(tx)).selectFrom('thing').select('id').execute()
    })
    assert.deepEqual(
      seen.map(({ id }) => id),
      ['before'],
    )
    await db.read(async (reader) => assert.equal(committedOf(reader), reader))
  })

  test(`what is left for the end is written exactly if the work is (${kind})`, async () => {
    await using db = await openTestDatabase(kind, migrations)
    const commits = new Set<readonly string[]>()
    const addAtEnd = writtenAtEnd(async (tx, ids: readonly string[]) => {
      commits.add(ids)
      await tables<Thing>(tx)
        .insertInto('thing')
        .values(ids.map((id) => ({ id, count: 1 })))
        .execute()
    })
    await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        db.write(async (tx) => {
          addAtEnd(tx, `${i}`)
          addAtEnd(tx, `${i} again`)
          if (i % 2) throw new Error('odd')
        }),
      ),
    )
    const rows = await db.read((reader) => tables<Thing>(reader).selectFrom('thing').select('id').execute())
    const even = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]
    assert.deepEqual(rows.map(({ id }) => id).sort(), even.flatMap((i) => [`${i}`, `${i} again`]).sort())
    assert.equal(commits.size < 10, kind === 'sqlite', 'SQLite writes those of one commit at once')
  })

  test(`concurrent work on one row loses no update (${kind})`, async () => {
    await using db = await openTestDatabase(kind, migrations)
    await db.write((tx) => tables<Thing>(tx).insertInto('thing').values({ id: 'a', count: 0 }).execute())
    await Promise.all(
      Array.from({ length: 50 }, () =>
        db.write(async (tx) => {
          const { count } = await tables<Thing>(tx).selectFrom('thing').select('count').executeTakeFirstOrThrow()
          await tables<Thing>(tx)
            .updateTable('thing')
            .set({ count: count + 1 })
            .execute()
        }),
      ),
    )
    const row = await db.read((reader) =>
      tables<Thing>(reader).selectFrom('thing').select('count').executeTakeFirstOrThrow(),
    )
    assert.equal(row.count, 50)
  })
}
