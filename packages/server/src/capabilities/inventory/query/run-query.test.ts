import assert from 'node:assert/strict'
import { test } from 'node:test'
import { QueryEnded, runQuery } from './run-query.ts'
import { tableName } from './table-name.ts'

const tables = {
  regions: undefined,
  types: [],
  plain: [{ name: 'change', columns: ['name', 'at'], rows: [['bash', null]] }],
}
const never = new AbortController().signal
const run = (query: string, withinMs: number) => runQuery({ tables, query, limit: 10 }, withinMs, never)

test('INV-18 a query that does not end is ended, and so is one that nobody waits for', async () => {
  const endless = 'with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r'
  await assert.rejects(run(endless, 2000), QueryEnded)
  const gone = AbortSignal.abort()
  await assert.rejects(runQuery({ tables, query: 'select 1', limit: 10 }, 60_000, gone), QueryEnded)
})

test('INV-18 columns of one name are told apart, and what is null stays so', async () => {
  assert.deepEqual(await run('select name, name, at, 1.5 as half from change', 60_000), {
    columns: ['name', 'name:2', 'at', 'half'],
    rows: [['bash', 'bash', null, '1.5']],
    truncated: false,
  })
})

test('INV-18 tables have the names of types in words', () => {
  const names = [
    'AWS:Application',
    'AWS:AWSComponent',
    'AWS:InstanceDetailedInformation',
    'Custom:RackInfo-2',
    'AWS:File',
  ]
  assert.deepEqual(names.map(tableName), [
    'application',
    'aws_component',
    'instance_detailed_information',
    'custom_rack_info_2',
    'file',
  ])
})
