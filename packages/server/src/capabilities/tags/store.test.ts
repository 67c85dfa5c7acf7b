import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import { sql } from 'kysely'
import { type Database, tables } from '#db/database.ts'
import { tags0001 } from './migrations/0001-tags.ts'
import { tags0002 } from './migrations/0002-was-tagged.ts'
import { addResource, isTagged, putTags, removeResource, removeTags, tagsOf, tagsOfEach } from './store.ts'
import type { TagTables } from './tables.ts'
import type { TagFilter } from './tag.ts'

const migrations = { 'tags-0001': tags0001, 'tags-0002': tags0002 }
const here = { account: '123456789012', region: 'eu-west-1' }
const elsewhere = { account: '123456789012', region: 'us-east-1' }
const node = (id: string) => ({ type: 'ManagedInstance' as const, id })
const tags = (pairs: Record<string, string>) => Object.entries(pairs).map(([Key, Value]) => ({ Key, Value }))

/** Ids of the taggable nodes that carry what the filters ask for, by way of another table's query as a list would do it. */
function matching(db: Database, filters: readonly TagFilter[], scope = here): Promise<string[]> {
  return db.read(async (reader) => {
    const rows = await tables<TagTables>(reader)
      .selectFrom('taggable as t')
      .select('t.resource_id')
      .where('t.region', '=', scope.region)
      .where(isTagged(scope, 'ManagedInstance', sql.ref<string>('t.resource_id'), filters))
      .orderBy('t.resource_id')
      .execute()
    return rows.map(({ resource_id }) => resource_id)
  })
}

for (const kind of DATABASES) {
  test(`X-23 a new value replaces the old one, and removing what is not there is no fault (${kind})`, async () => {
    await using db = await openTestDatabase(kind, migrations)
    const read = () => db.read((reader) => tagsOf(reader, here, node('a')))
    await db.write((tx) => addResource(tx, here, node('a'), tags({ b: '1', a: '' })))
    await db.write((tx) => putTags(tx, here, node('a'), tags({ b: '2', c: '3' })))
    assert.deepEqual(await read(), tags({ a: '', b: '2', c: '3' }))
    await db.write((tx) => removeTags(tx, here, node('a'), ['b', 'unknown']))
    await db.write((tx) => removeTags(tx, here, node('a'), []))
    assert.deepEqual(await read(), tags({ a: '', c: '3' }))
  })

  test(`X-23 only what exists, in its own Region, can be tagged; what is gone has no tags (${kind})`, async () => {
    await using db = await openTestDatabase(kind, migrations)
    await db.write((tx) => addResource(tx, here, node('a'), tags({ k: 'v' })))
    const unknown = { code: 'InvalidResourceId' }
    await assert.rejects(
      db.write((tx) => putTags(tx, elsewhere, node('a'), tags({ k: 'v' }))),
      unknown,
    )
    await assert.rejects(
      db.write((tx) => putTags(tx, here, { type: 'Document', id: 'a' }, [])),
      unknown,
    )
    await db.write((tx) => removeResource(tx, here, node('a')))
    await db.write((tx) => removeResource(tx, here, node('a')))
    await assert.rejects(
      db.write((tx) => removeTags(tx, here, node('a'), ['k'])),
      unknown,
    )
    assert.deepEqual(await db.read((reader) => tagsOf(reader, here, node('a'))), [])
  })

  test(`T-01 values of a key are alternatives, keys must all match; T-06a an empty value is a value (${kind})`, async () => {
    await using db = await openTestDatabase(kind, migrations)
    await db.write(async (tx) => {
      await addResource(tx, here, node('web-1'), tags({ role: 'web', stage: 'prod' }))
      await addResource(tx, here, node('web-2'), tags({ role: 'web', stage: '' }))
      await addResource(tx, here, node('db-1'), tags({ role: 'db', stage: 'prod' }))
      await addResource(tx, here, node('bare'))
      await addResource(tx, elsewhere, node('web-3'), tags({ role: 'web', stage: 'prod' }))
      await addResource(tx, here, { type: 'Document', id: 'bare' }, tags({ role: 'web' }))
    })
    const role = (...values: string[]) => ({ key: 'role', values })
    assert.deepEqual(await matching(db, [role('web')]), ['web-1', 'web-2'])
    assert.deepEqual(await matching(db, [role('web', 'db')]), ['db-1', 'web-1', 'web-2'])
    assert.deepEqual(await matching(db, [role('web'), { key: 'stage', values: ['prod'] }]), ['web-1'])
    assert.deepEqual(await matching(db, [{ key: 'stage', values: [''] }]), ['web-2'])
    assert.deepEqual(await matching(db, [{ keys: ['stage', 'nothing'] }]), ['db-1', 'web-1', 'web-2'])
    assert.deepEqual(await matching(db, [{ keys: ['stage'] }, role('db')]), ['db-1'])
    assert.deepEqual(await matching(db, [role('WEB')]), [])
    assert.deepEqual(await matching(db, []), ['bare', 'bare', 'db-1', 'web-1', 'web-2'])
    assert.deepEqual(await matching(db, [role('web')], elsewhere), ['web-3'])
  })

  test(`tags of several resources come by id (${kind})`, async () => {
    await using db = await openTestDatabase(kind, migrations)
    await db.write(async (tx) => {
      await addResource(tx, here, node('a'), tags({ y: '2', x: '1' }))
      await addResource(tx, here, node('b'), tags({ x: '3' }))
    })
    const found = await db.read((reader) => tagsOfEach(reader, here, 'ManagedInstance', ['a', 'b', 'c']))
    assert.deepEqual([...found].sort(), [
      ['a', tags({ x: '1', y: '2' })],
      ['b', tags({ x: '3' })],
    ])
    assert.equal((await db.read((reader) => tagsOfEach(reader, here, 'ManagedInstance', []))).size, 0)
  })
}
