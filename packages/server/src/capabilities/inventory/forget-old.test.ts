import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import { eventsCapability } from '#capabilities/events/index.ts'
import { nodesCapability } from '#capabilities/nodes/index.ts'
import { addManyNodes } from '#capabilities/nodes/testing/many-nodes.ts'
import { tagsCapability } from '#capabilities/tags/index.ts'
import { type Database, tables } from '#db/database.ts'
import type { TaskContext } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import { forgetOld } from './forget-old.ts'
import { inventoryCapability } from './index.ts'
import { checkedItems } from './item.ts'
import { contentOf, itemsOf } from './item-store.ts'
import type { InventoryTables } from './tables.ts'
import { prepareItem, takeIn } from './take-in.ts'
import { packages } from './testing/inventory.ts'

const DAY_MS = 86_400_000
const [SILENT, OTHER, THIRD] = [0, 1, 2].map((index) => `mi-0000000000000000${index}`) as [string, string, string]
const scope = { account: '000000000000', region: 'us-east-1' }
const dayOf = (day: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + day * DAY_MS)

async function report(db: Database, nodeId: string, day: number, ...words: string[]) {
  const [item] = checkedItems([packages(...words)] as never)
  const prepared = await db.read(async (reader) => prepareItem(reader, scope, item!, await itemsOf(reader, nodeId)))
  await db.write((tx) => takeIn({ tx, scope, now: dayOf(day), ids: randomIds }, nodeId, [prepared]))
}

function forget(db: Database, day: number, clockIsSteady: boolean) {
  const context = {
    read: (work: never) => db.read(work),
    write: (work: never) => db.write(work),
    now: () => dayOf(day),
    clockIsSteady: () => clockIsSteady,
    signal: new AbortController().signal,
  }
  return forgetOld.run(context as unknown as TaskContext)
}

for (const database of DATABASES) {
  test(`INV-16 what a node did not report for 30 days is forgotten, and entries that nobody has (${database})`, async () => {
    const capabilities = [eventsCapability, tagsCapability, nodesCapability, inventoryCapability]
    const migrations = Object.assign({}, ...capabilities.map((one) => one.migrations))
    await using db = await openTestDatabase(database, migrations)
    await addManyNodes(db, scope, 3, dayOf(0))
    await report(db, SILENT, 0, 'bash 5.1', 'zsh 5.9')
    await report(db, OTHER, 0, 'bash 5.1', 'curl 8')
    await report(db, OTHER, 20, 'bash 5.2', 'curl 8')

    assert.deepEqual(await forget(db, 29, true), { reports: 0, changes: 0, entries: 0 })
    assert.deepEqual(await forget(db, 31, false), {})
    assert.deepEqual(await forget(db, 31, true), { reports: 1, changes: 0, entries: 0 })
    // A day later nobody has needed them. One that is needed meanwhile stays.
    await report(db, THIRD, 31.5, 'zsh 5.9')
    assert.deepEqual(await forget(db, 33, true), { reports: 0, changes: 0, entries: 1 })
    assert.deepEqual(await forget(db, 35, true), { reports: 0, changes: 0, entries: 0 })
    const read = (nodeId: string) => db.read((reader) => contentOf(reader, nodeId, 'AWS:Application'))
    assert.deepEqual(await read(SILENT), [])
    assert.deepEqual(
      (await read(OTHER)).map(({ Name, Version }) => `${Name} ${Version}`),
      ['bash 5.2', 'curl 8'],
    )
    const changes = () =>
      db.read((reader) => tables<InventoryTables>(reader).selectFrom('inventory_change').selectAll().execute())
    assert.deepEqual(
      (await changes()).map(({ kind, name }) => [kind, name]),
      [['Updated', 'bash']],
    )
    await report(db, OTHER, 100, 'bash 5.2', 'curl 8')
    assert.deepEqual(await forget(db, 111, true), { reports: 1, changes: 1, entries: 0 })
    // What was interned once and forgotten is interned anew.
    await report(db, SILENT, 111, 'bash 5.1', 'curl 8')
    assert.equal((await read(SILENT)).length, 2)
  })
}
