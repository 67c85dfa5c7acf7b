import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ComplianceItemEntry } from '@steward/model/generated/ssm.ts'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import { eventsCapability } from '#capabilities/events/index.ts'
import { type Database, type Tx, tables } from '#db/database.ts'
import type { TaskContext } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import { forgetOldPeriods } from './forget-old-periods.ts'
import { complianceCapability } from './index.ts'
import { listItems, listSummaries } from './listing.ts'
import { forgetNode, putComplianceItems, removeComplianceItems, replaceItems } from './store.ts'
import type { Putting } from './summary.ts'
import type { ComplianceTables } from './tables.ts'
import { item } from './testing/compliance-client.ts'

const SCOPE = { account: '111111111111', region: 'us-east-1' }
const NODE = 'mi-0123456789abcdef0'
const AT = new Date('2026-11-21T10:00:00Z')

const at = (minutes: number): Putting => ({
  now: new Date(AT.getTime() + minutes * 60_000),
  ids: randomIds,
  wake() {},
})

const report = (items: ComplianceItemEntry[], nodeId = NODE) => ({
  nodeId,
  type: 'Association',
  execution: { time: AT },
  items,
})

const open = (kind: (typeof DATABASES)[number]) =>
  openTestDatabase(kind, { ...eventsCapability.migrations, ...complianceCapability.migrations })

async function listed(db: Database): Promise<string[]> {
  const all = { nodeId: undefined, conditions: [], details: [] }
  const rows = await db.read((reader) => listItems(reader, SCOPE, all, undefined, 100))
  return rows.map(({ item_id, status, severity }) => `${item_id} ${status} ${severity}`)
}

function periods(db: Database) {
  return db.read((reader) =>
    tables<ComplianceTables>(reader).selectFrom('compliance_period').selectAll().orderBy('since').execute(),
  )
}

for (const kind of DATABASES) {
  test(`CMP-06 what the server keeps of a node stays when the node reports, until it is taken away (${kind})`, async () => {
    await using db = await open(kind)
    const put = (items: ComplianceItemEntry[]) => (tx: Tx) => putComplianceItems(tx, SCOPE, report(items), at(0))
    const reported = (items: ComplianceItemEntry[], keepLasting: boolean) => (tx: Tx) =>
      replaceItems(tx, SCOPE, report(items), { contentHash: null, keepLasting }, at(1))
    await db.write(put([item('a NON_COMPLIANT HIGH')]))
    await db.write(put([item('b COMPLIANT LOW')]))
    await db.write(reported([item('a COMPLIANT UNSPECIFIED'), item('c COMPLIANT LOW')], true))
    assert.deepEqual(await listed(db), ['a NON_COMPLIANT HIGH', 'b COMPLIANT LOW', 'c COMPLIANT LOW'])
    await db.write(reported([], true))
    assert.deepEqual(await listed(db), ['a NON_COMPLIANT HIGH', 'b COMPLIANT LOW'])
    const remove = { type: 'Association', itemId: 'a' }
    await db.write((tx) => removeComplianceItems(tx, SCOPE, { ...remove, nodeIds: [] }, at(2)))
    await db.write((tx) => removeComplianceItems(tx, SCOPE, { ...remove, nodeIds: ['mi-1'] }, at(2)))
    assert.equal((await listed(db)).length, 2)
    await db.write((tx) => removeComplianceItems(tx, SCOPE, remove, at(2)))
    const [summary] = await db.read((reader) => listSummaries(reader, SCOPE, [], undefined, 10))
    assert.deepEqual([summary?.status, summary?.compliant_low], ['COMPLIANT', 1])
    await db.write(reported([item('d COMPLIANT LOW')], false))
    assert.deepEqual(await listed(db), ['d COMPLIANT LOW'])
  })

  test(`CMP-09 CMP-10 a node that is gone has no items; how it was remains, in periods without gaps (${kind})`, async () => {
    await using db = await open(kind)
    const put = (text: string, minutes: number) =>
      db.write((tx) => putComplianceItems(tx, SCOPE, report([item(text)]), at(minutes)))
    await put('a NON_COMPLIANT HIGH', 0)
    await put('a NON_COMPLIANT HIGH', 1)
    await put('a COMPLIANT HIGH', 2)
    await put('a NON_COMPLIANT LOW', 2)
    await db.write((tx) => forgetNode(tx, SCOPE, NODE, at(3).now))
    assert.deepEqual(await listed(db), [])
    assert.deepEqual(
      (await periods(db)).map(({ since, until, status, severity }) => [
        since.slice(14, 16),
        until?.slice(14, 16),
        status,
        severity,
      ]),
      [
        ['00', '02', 'NON_COMPLIANT', 'HIGH'],
        ['02', '03', 'NON_COMPLIANT', 'LOW'],
      ],
    )
  })

  test(`CMP-10 how it was is forgotten after 400 days, but for what is still so (${kind})`, async () => {
    await using db = await open(kind)
    for (const [minutes, text] of ['a NON_COMPLIANT HIGH', 'a COMPLIANT HIGH'].entries())
      await db.write((tx) => putComplianceItems(tx, SCOPE, report([item(text)]), at(minutes)))
    const forget = async (days: number, steady: boolean) => {
      const context = { write: db.write.bind(db), now: () => at(days * 24 * 60 + 2).now, clockIsSteady: () => steady }
      return forgetOldPeriods.run(context as unknown as TaskContext)
    }
    assert.deepEqual(await forget(399, true), { deleted: 0 })
    assert.deepEqual(await forget(400, false), {})
    assert.deepEqual(await forget(400, true), { deleted: 1 })
    assert.deepEqual(
      (await periods(db)).map(({ status }) => status),
      ['COMPLIANT'],
    )
  })
}
