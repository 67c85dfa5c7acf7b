import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browseQuery } from './browse-query.ts'

const NOTHING = { tokens: [], operation: 'and', sort: undefined } as const
const FROM = 'from application as t\nleft join instance_information as node using (node_id)'

test('INV-20 a search of entries is a select that says the same', () => {
  const base = { table: 'application', attributes: ['Name', 'Version'] }
  assert.equal(
    browseQuery({ ...base, query: NOTHING }),
    `select node.ComputerName as node_name, t.node_id, t."Name", t."Version"\n${FROM}`,
  )
  const tokens = [
    { property: 'Name', operator: '=', value: "o'neil" },
    { property: 'Version', operator: '<', value: '1.10' },
    { property: 'Name', operator: '!:', value: '50%_' },
  ]
  const sort = { column: 'node_name', descending: true }
  assert.equal(
    browseQuery({ ...base, query: { tokens, operation: 'or', sort } })
      .split('\n')
      .slice(3)
      .join('\n'),
    [
      `where ifnull(t."Name", '') = 'o''neil' collate nocase`,
      `  or compare_versions(ifnull(t."Version", ''), '1.10') < 0`,
      `  or not ifnull(t."Name", '') like '%50\\%\\_%' escape '\\'`,
      'order by node.ComputerName desc',
    ].join('\n'),
  )
  const everywhere = { ...NOTHING, tokens: [{ operator: ':', value: 'x' }] }
  assert.match(browseQuery({ ...base, query: everywhere }), /where \(.* or .*node_id.* or .*"Name".* or .*"Version"/)
})

test('INV-20 names and values that would end a text of the query stay texts', () => {
  const query = { ...NOTHING, tokens: [{ property: 'a"b', operator: ':', value: `'; select 1 --` }] }
  const text = browseQuery({ table: 'custom_x', attributes: ['a"b'], query })
  assert.match(text, /t\."a""b"/)
  assert.match(text, /like '%''; select 1 --%'/)
})
