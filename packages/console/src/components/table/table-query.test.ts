import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareTexts, matches, queryFrom, type TableQuery, withQuery } from './table-query.ts'

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

const plain = { noNullPrototype: true }
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[~=:!^<>&%+ a-]{0,8}$/))
const aQuery: fc.Arbitrary<TableQuery> = fc.record(
  {
    tokens: fc.array(
      fc.record(
        {
          property: fc.option(fc.stringMatching(/^[^~]+$/), { nil: undefined }),
          operator: fc.constantFrom('=', '!=', ':', '!:', '^', '!^', '<', '<=', '>', '>='),
          value: text,
        },
        plain,
      ),
      { maxLength: 3 },
    ),
    operation: fc.constantFrom('and', 'or'),
    sort: fc.option(fc.record({ column: fc.stringMatching(/^[a-zA-Z]\S*$/), descending: fc.boolean() }, plain), {
      nil: undefined,
    }),
    page: fc.integer({ min: 1, max: 1e6 }),
  },
  plain,
)

test('whatever is asked of two tables survives one address', () => {
  fc.assert(
    fc.property(aQuery, aQuery, (one, other) => {
      const address = withQuery(withQuery(new URLSearchParams('tab=x'), one), other, 'n.').toString()
      assert.deepEqual(queryFrom(new URLSearchParams(address)), one)
      assert.deepEqual(queryFrom(new URLSearchParams(address), 'n.'), other)
      assert.equal(withQuery(new URLSearchParams(address), queryFrom(new URLSearchParams(address))).get('tab'), 'x')
    }),
  )
})

test('any address can be read, and any query asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(text), (address, texts) => {
      const query = queryFrom(new URLSearchParams(address))
      assert.ok(query.page >= 1)
      matches(query, () => texts)
    }),
  )
})

test('an operator and its opposite never both hold', () => {
  const opposites = [
    ['=', '!='],
    [':', '!:'],
    ['^', '!^'],
    ['<', '>='],
    ['>', '<='],
  ] as const
  fc.assert(
    fc.property(fc.constantFrom(...opposites), text, text, ([operator, opposite], value, given) => {
      const holds = (asked: string) =>
        matches({ ...everything, tokens: [{ property: 'a', operator: asked, value }] }, () => [given])
      assert.notEqual(holds(operator), holds(opposite))
    }),
  )
})

test('the order of people is an order', () => {
  assert.deepEqual(['web-10', 'Web-9', 'web-1'].sort(compareTexts), ['web-1', 'Web-9', 'web-10'])
})
