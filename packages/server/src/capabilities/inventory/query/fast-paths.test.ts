import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countingEntries } from './counted-entries.ts'
import type { TypeTable } from './query-tables.ts'
import { type QueryAnswer, runQuery } from './run-query.ts'
import { tokensOf } from './sql-tokens.ts'
import { referencesOf } from './table-references.ts'

/** Lines of `node name version`; nodes share entries. */
function typeOf(name: string, columns: readonly string[], lines: readonly string[]): TypeTable {
  const distinct = [...new Set(lines.map((line) => line.slice(line.indexOf(' ') + 1)))]
  const nodes = [...new Set(lines.map((line) => line.split(' ')[0]!))]
  const lists = nodes.map((node) =>
    lines.filter((line) => line.startsWith(`${node} `)).map((line) => distinct.indexOf(line.slice(node.length + 1))),
  )
  let end = 0
  return {
    name,
    columns: columns.map((column, index) => ({
      name: column,
      isNumber: false,
      values: distinct.map((line) => line.split(' ')[index] || null),
    })),
    size: distinct.length,
    nodes,
    entries: Int32Array.from(lists.flat()),
    ends: Int32Array.from(lists, ({ length }) => (end += length)),
    own: [],
    ownValues: undefined,
  }
}

const application = typeOf(
  'application',
  ['Name', 'Version'],
  'a nginx 1.9|a curl 8.1|a zsh|b nginx 1.10|b curl 8.1|b curl 8.1|c zsh 5.9|d nginx 1.10|d zsh 5.9'.split('|'),
)
const platform = typeOf('platform', ['Os'], 'a debian|b debian|c alpine|d alpine|e alpine'.split('|'))
const tables = { regions: undefined, types: [application, platform], plain: [] }

function run(query: string, writtenOut: number): Promise<QueryAnswer> {
  const named = tables.types.filter(({ name }) => query.includes(name))
  return runQuery({ tables: { ...tables, types: named }, query, limit: 100, writtenOut }, 60_000, AbortSignal.any([]))
}

const QUERIES = [
  'select name, version, count(*) from application group by name, version order by 1, 2',
  'select name as n, count(distinct node_id) as c from application as a group by a.name having count(*) > 2 order by c, n',
  "select count(*), count(version), count(distinct name), max(version) from application where name like '%n%';",
  'select distinct name from application order by name',
  "select count(node_id) + count(distinct application.node_id) from application where name = 'none'",
  'select sum(1), count(*) from application',
  'select node_id, count(*) from application group by node_id order by 1',
  "select node_id, version from application where name = 'nginx' and compare_versions(version, '1.10') < 0",
  "select node_id from application where name = 'zsh' or version = '1.10' order by 1",
  "select node_id from platform where node_id not in (select node_id from application where name = 'curl') order by 1",
  "select node_id from platform p where not exists (select 1 from application a where a.node_id = p.node_id and a.name = 'nginx') order by 1",
  "select p.node_id from platform p left join application a on a.node_id = p.node_id and a.name = 'curl' where a.node_id is null order by 1",
  'select p.node_id, a.version from platform p left outer join application a using (node_id) where a.version is null order by 1',
  "select os, count(distinct node_id) from application join platform using (node_id) where name = 'nginx' group by os order by 1",
  "select a.node_id from application a, application b where a.node_id = b.node_id and a.name = 'nginx' and b.name = 'zsh' order by 1",
  "select name from application where node_id = 'c' union select name from application where node_id = 'a' order by 1",
  "with old as (select * from application where name = 'nginx') select node_id from old except select node_id from platform where os = 'alpine'",
  "select name from application where version between '1' and '5.9' and name = 'zsh' order by node_id",
  "select count(*) from application a right join platform p on a.node_id = p.node_id and a.name = 'zsh' where p.os = 'alpine'",
]

test('INV-18 a query has the same answer whether all rows are written out, or only what it needs', async () => {
  for (const query of QUERIES) {
    const plain = await run(query, 1000)
    assert.ok(!('fault' in plain), `${query}: ${JSON.stringify(plain)}`)
    assert.deepEqual(await run(query, 5), plain, query)
  }
})

test('INV-18 of queries that only count the entries are asked', () => {
  const rewritten = (query: string) => countingEntries(query, tokensOf(query), 'application')
  assert.equal(
    rewritten('select name, count(distinct a.node_id) n from application a -- all\ngroup by name'),
    'select name, "*nodes with"("*entry") n from "*application" as a  -- all\ngroup by name',
  )
  const left = QUERIES.filter((query) => rewritten(query) === undefined)
  assert.equal(left.length, QUERIES.length - 5)
})

test('INV-18 conditions are known where every row that counts must meet them', () => {
  const conditions = (query: string) =>
    referencesOf(query, tokensOf(query), 'application')?.map((reference) => reference.conditions)
  assert.deepEqual(conditions("select 1 from application where name = 'a and b' AND (x or y) order by 1"), [
    ["name = 'a and b'", '(x or y)'],
  ])
  assert.deepEqual(conditions('select 1 from t left join application on a = 1 where name is null'), [['a = 1']])
  assert.deepEqual(conditions('select 1 from application left join t on a = 1 where b = 2'), [['b = 2']])
  assert.deepEqual(conditions('select 1 from application where a or b'), [[]])
  assert.deepEqual(conditions('select 1 from application natural join t where a = 1'), undefined)
  assert.deepEqual(conditions('select application from t'), undefined)
})
