import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import { type Kysely, sql } from 'kysely'
import { type Migrations, tables } from './database.ts'
import { storeByKey } from './without-rowid.ts'

interface BoxTables {
  box: { room: string; name: string; weight: number | null }
}

const before: Migrations = {
  'boxes-0001': {
    async up({ schema }) {
      await schema
        .createTable('box')
        .addColumn('room', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('weight', 'integer')
        .addPrimaryKeyConstraint('box_key', ['room', 'name'])
        .execute()
      await schema.createIndex('box_by_weight').on('box').column('weight').unique().execute()
    },
  },
}

const after: Migrations = {
  ...before,
  'boxes-0002': { up: (kysely: Kysely<unknown>) => storeByKey(kysely, 'box') },
}

for (const database of DATABASES) {
  test(`a table that is stored by its key keeps its rows, its key and its indexes (${database})`, async () => {
    await using db = await openTestDatabase(database, before)
    const add = (name: string, weight: number | null) =>
      db.write(
        async (tx) =>
          void (await tables<BoxTables>(tx).insertInto('box').values({ room: 'a', name, weight }).execute()),
      )
    const rows = () =>
      db.read((reader) => tables<BoxTables>(reader).selectFrom('box').selectAll().orderBy('name').execute())
    await add('one', 1)
    await add('two', null)
    const kept = await rows()
    await db.migrate(after)
    assert.deepEqual(await rows(), kept)
    await assert.rejects(add('one', 3), /unique/i)
    await assert.rejects(add('three', 1), /unique/i)
    await add('three', 3)
    assert.deepEqual({ ...(await rows()).at(1) }, { room: 'a', name: 'three', weight: 3 })
    if (database === 'postgres') return
    const made = await db.write(
      async (tx) =>
        (await sql<{ sql: string }>`select sql from sqlite_master where name = 'box'`.execute(tables(tx))).rows,
    )
    assert.match(made[0]!.sql, /without rowid$/)
  })
}
