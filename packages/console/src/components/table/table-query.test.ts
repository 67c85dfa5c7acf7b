import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matches, queryFrom, type TableQuery, withQuery } from './table-query.ts'

const everything: TableQuery = { tokens: [], operation: 'and', sort: undefined, page: 1 }

test('what is asked of a table survives the address', () => {
  const query: TableQuery = {
    tokens: [
      { property: 'tag:env', operator: '!=', value: 'a~b&c=1' },
      { property: undefined, operator: ':', value: 'web 01' },
      { property: undefined, operator: '!:', value: '~=~' },
      { property: 'version', operator: '>=', value: '3.3' },
    ],
    operation: 'or',
    sort: { column: 'name', descending: true },
    page: 7,
  }
  const search = withQuery(new URLSearchParams('tab=nodes'), query, 'n.')
  assert.deepEqual(queryFrom(new URLSearchParams(search.toString()), 'n.'), query)
  assert.equal(search.get('tab'), 'nodes')
})

test('an address that says nothing of a table asks for all of it', () => {
  assert.deepEqual(queryFrom(new URLSearchParams('page=-3&sort=')), everything)
  assert.equal(withQuery(new URLSearchParams('f=old&page=3&x=1'), everything).toString(), 'x=1')
})

test('tokens hold as their operators say', () => {
  const item: Record<string, string> = { name: 'Web-10', state: 'Online' }
  const shows = (token: TableQuery['tokens'][number]) =>
    matches({ ...everything, tokens: [token] }, (column) => (column ? [item[column] ?? ''] : Object.values(item)))
  assert.ok(shows({ operator: ':', value: 'ONLI' }))
  assert.ok(shows({ property: 'name', operator: '^', value: 'web' }))
  assert.ok(shows({ property: 'name', operator: '>', value: 'web-9' }))
  assert.ok(!shows({ property: 'name', operator: '<', value: 'web-9' }))
  assert.ok(!shows({ property: 'state', operator: '=', value: 'onlin' }))
  assert.ok(shows({ property: 'state', operator: '!=', value: 'lost' }))
  assert.ok(!shows({ operator: '!:', value: 'web' }))
})

test('several tokens must all hold, or any of them', () => {
  const tokens = [
    { operator: ':', value: 'a' },
    { operator: ':', value: 'b' },
  ]
  assert.ok(!matches({ ...everything, tokens }, () => ['a']))
  assert.ok(matches({ ...everything, tokens, operation: 'or' }, () => ['a']))
})
