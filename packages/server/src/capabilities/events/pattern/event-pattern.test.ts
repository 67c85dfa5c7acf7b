import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compiledPattern, compilePattern } from './event-pattern.ts'
import { PatternError } from './pattern-error.ts'
import { wildcard } from './wildcard.ts'

const matches = (pattern: object, event: object) => compilePattern(JSON.stringify(pattern)).matches(event)
const refusal = (text: string) => {
  try {
    compilePattern(text)
    return undefined
  } catch (error) {
    assert.ok(error instanceof PatternError, String(error))
    return error.message
  }
}

const EVENT = {
  source: 'aws.ssm',
  'detail-type': 'Thing',
  resources: ['arn:a', 'arn:b'],
  detail: {
    state: 'Running',
    count: 5,
    flag: true,
    nothing: null,
    empty: '',
    none: [],
    ip: '10.0.1.7',
    path: 'dir/file.txt',
    list: [
      { name: 'x', size: 1 },
      { name: 'y', size: 2 },
    ],
    deep: { er: { still: 'a' } },
    'deep.er.more': 'b',
  },
}

/** What is asked of `detail`, and whether the event has it. */
const CASES: readonly (readonly [object, boolean])[] = [
  [{ state: ['Running'] }, true],
  [{ state: ['running'] }, false],
  [{ state: ['Stopped', 'Running'] }, true],
  [{ state: [{ prefix: 'Run' }] }, true],
  [{ state: [{ prefix: 'run' }] }, false],
  [{ state: [{ prefix: { 'equals-ignore-case': 'rUN' } }] }, true],
  [{ path: [{ suffix: '.txt' }] }, true],
  [{ path: [{ suffix: { 'equals-ignore-case': '.TXT' } }] }, true],
  [{ state: [{ 'equals-ignore-case': 'RUNNING' }] }, true],
  [{ state: [{ 'anything-but': 'Running' }] }, false],
  [{ state: [{ 'anything-but': ['Stopped', 'Failed'] }] }, true],
  [{ count: [{ 'anything-but': [4, 5] }] }, false],
  [{ count: [{ 'anything-but': 4 }] }, true],
  [{ state: [{ 'anything-but': { prefix: 'Run' } }] }, false],
  [{ state: [{ 'anything-but': { prefix: ['Stop', 'Fail'] } }] }, true],
  [{ state: [{ 'anything-but': { suffix: 'ing' } }] }, false],
  [{ state: [{ 'anything-but': { 'equals-ignore-case': ['RUNNING'] } }] }, false],
  [{ path: [{ 'anything-but': { wildcard: '*/file.*' } }] }, false],
  [{ path: [{ 'anything-but': { wildcard: ['a*', 'b*'] } }] }, true],
  [{ missing: [{ 'anything-but': 'x' }] }, false],
  [{ count: [5] }, true],
  [{ count: ['5'] }, false],
  [{ count: [{ numeric: ['=', 5] }] }, true],
  [{ count: [{ numeric: ['>', 0, '<=', 5] }] }, true],
  [{ count: [{ numeric: ['>', 5] }] }, false],
  [{ state: [{ numeric: ['>', 0] }] }, false],
  [{ flag: [true] }, true],
  [{ flag: ['true'] }, false],
  [{ nothing: [null] }, true],
  [{ empty: [''] }, true],
  [{ state: [{ exists: true }] }, true],
  [{ nothing: [{ exists: true }] }, true],
  [{ missing: [{ exists: false }] }, true],
  [{ missing: { deeper: [{ exists: false }] } }, true],
  [{ state: [{ exists: false }] }, false],
  [{ none: [{ exists: false }] }, true],
  [{ list: [{ exists: true }] }, false],
  [{ ip: [{ cidr: '10.0.1.0/24' }] }, true],
  [{ ip: [{ cidr: '10.0.2.0/24' }] }, false],
  [{ ip: [{ cidr: '10.0.1.7' }] }, true],
  [{ ip: [{ cidr: '2001:db8::/32' }] }, false],
  [{ state: [{ cidr: '10.0.0.0/8' }] }, false],
  [{ path: [{ wildcard: 'dir/*' }] }, true],
  [{ path: [{ wildcard: '*.*' }] }, true],
  [{ path: [{ wildcard: 'dir' }] }, false],
  [{ list: { name: ['y'], size: [2] } }, true],
  [{ list: { name: ['x'], size: [2] } }, false],
  [{ $or: [{ state: ['Stopped'] }, { count: [5] }] }, true],
  [{ $or: [{ state: ['Stopped'] }, { count: [4] }] }, false],
  [{ state: ['Running'], $or: [{ count: [5] }, { count: [6] }] }, true],
  [{ toString: [{ exists: false }] }, true],
  [{ list: { name: ['y'] }, 'list.size': [2] }, true],
  [{ 'list.name': ['x'], 'list.size': [2] }, false],
  [{ deep: { er: { still: ['a'] } } }, true],
  [{ 'deep.er': { still: ['a'], more: ['b'] } }, true],
  [{ 'deep.er': ['c'], deep: ['d'] }, false],
  [{ 'deep.er.more': [{ exists: false }] }, false],
  [{ 'deep.other': [{ exists: false }], path: ['dir/file.txt'] }, true],
]

test('EVT-03 patterns ask of events what EventBridge documents', () => {
  for (const [detail, wanted] of CASES) assert.equal(matches({ detail }, EVENT), wanted, JSON.stringify(detail))
  assert.ok(matches({ resources: ['arn:b'] }, EVENT))
  assert.ok(!matches({ source: ['aws.ssm'], 'detail-type': ['Other'] }, EVENT))
})

const WRONG: readonly (readonly [string, RegExp])[] = [
  ['{', /not JSON/],
  ['[]', /not an object/],
  ['{}', /Empty objects/],
  ['{"a":{}}', /Empty objects/],
  ['{"a":"b"}', /"a" must be an object or an array/],
  ['{"a":1}', /"a" must be an object or an array/],
  ['{"a":[]}', /Empty arrays/],
  ['{"a":[["b"]]}', /Match value must be/],
  ['{"a":[{}]}', /Match expression name not found/],
  ['{"a":[{"prefix":"a","suffix":"b"}]}', /Only one key/],
  ['{"a":[{"like":"a"}]}', /Unrecognized match type like/],
  ['{"a":[{"constructor":"a"}]}', /Unrecognized match type constructor/],
  ['{"a":[{"prefix":1}]}', /prefix match pattern must be a string/],
  ['{"a":[{"prefix":{"suffix":"a"}}]}', /Unsupported prefix pattern/],
  ['{"a":[{"anything-but":[]}]}', /Empty arrays/],
  ['{"a":[{"anything-but":[1,"a"]}]}', /mixed type is not supported/],
  ['{"a":[{"anything-but":null}]}', /single string\/number value/],
  ['{"a":[{"anything-but":["a",null]}]}', /Inside anything but list, start\|null\|boolean is not supported/],
  ['{"a":[{"anything-but":{"prefix":{"suffix":"a"}}}]}', /single string\/number value/],
  ['{"a":[{"anything-but":{"suffix":[1]}}]}', /^prefix\/suffix match pattern must be a string/],
  ['{"a":[{"anything-but":{"prefix":""}}]}', /Null prefix\/suffix not allowed/],
  ['{"a":[{"anything-but":{"equals-ignore-case":[1]}}]}', /Inside anything-but\/equals-ignore-case list/],
  ['{"a":[{"anything-but":{"exists":true}}]}', /Unsupported anything-but pattern/],
  ['{"a":[{"numeric":5}]}', /must be an array/],
  ['{"a":[{"numeric":[]}]}', /Invalid member/],
  ['{"a":[{"numeric":["~",5]}]}', /Unrecognized numeric range operator: ~/],
  ['{"a":[{"numeric":["<","5"]}]}', /must be numeric/],
  ['{"a":[{"numeric":[">",5,"<",5]}]}', /Bottom must be less than top/],
  ['{"a":[{"numeric":["<",5,">",1]}]}', /Too many elements in numeric expression/],
  ['{"a":[{"numeric":[">",1,">",5]}]}', /Bad numeric range operator: >/],
  ['{"a":[{"numeric":[">",1,"<"]}]}', /Value of < must be numeric/],
  ['{"a":[{"numeric":["=","1"]}]}', /Value of equals must be numeric/],
  ['{"a":[{"numeric":[">",1,"<",5,"="]}]}', /Too many terms/],
  ['{"a":[{"numeric":["=",5000000001]}]}', /must be between/],
  ['{"a":[{"exists":"true"}]}', /either true or false/],
  ['{"a":[{"cidr":"10.0.0.0/33"}]}', /mask bits/],
  ['{"a":[{"cidr":"10.0.0/8"}]}', /Nonstandard IP address: 10.0.0/],
  ['{"a":[{"cidr":"here"}]}', /Malformed CIDR, one '\/' required/],
  ['{"a":[{"cidr":"10.0.0.0/x"}]}', /mask bits must be an integer/],
  ['{"a":[{"cidr":["10.0.0.0/8"]}]}', /^prefix match pattern must be a string/],
  ['{"a":[{"wildcard":"a**b"}]}', /Consecutive wildcard characters at pos 2/],
  ['{"a":[{"wildcard":"a\\\\b"}]}', /Invalid escape character at pos 2/],
  ['{"$or":[{"a":["b"]}]}', /at least 2 Objects/],
  ['{"$or":{"a":["b"]}}', /must be an Array followed with \$or/],
]

test('EVT-03 a pattern that is none is refused with what is wrong with it', () => {
  for (const [text, reason] of WRONG) assert.match(refusal(text) ?? 'taken', reason, text)
  assert.match(refusal(`{"${'a.'.repeat(5000)}b":["c"]}`) ?? 'taken', /levels deep/)
  assert.match(refusal(`${'{"a":'.repeat(5000)}["b"]${'}'.repeat(5000)}`) ?? 'taken', /levels deep/)
})

test('EVT-03 a pattern that was put and would be refused now matches nothing', () => {
  const refused = compiledPattern('{"source":[{"anything-but":{"prefix":""}}]}')
  assert.ok(!refused.matches({ source: 1 }) && !refused.mayMatch({ source: 'app' }))
})

test('EVT-03 whatever the pattern, it is refused with a reason or answers yes or no', () => {
  const entry = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.record({ prefix: fc.string() }),
    fc.record({ wildcard: fc.stringMatching(/^[a*\\]{0,8}$/) }),
    fc.record({ numeric: fc.array(fc.oneof(fc.constantFrom('=', '<', '>='), fc.double()), { maxLength: 5 }) }),
    fc.record({ 'anything-but': fc.jsonValue({ maxDepth: 2 }) }),
    fc.record({ cidr: fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()) }),
  )
  const pattern = fc.dictionary(fc.constantFrom('a', 'b', '$or', '__proto__'), fc.array(entry, { maxLength: 3 }))
  const check = (made: object, event: object) => {
    const text = JSON.stringify(made)
    if (refusal(text) === undefined) assert.equal(typeof compilePattern(text).matches(event), 'boolean')
  }
  fc.assert(fc.property(pattern, fc.object(), check))
})

test('EVT-03 an event always matches the pattern that is made of its own values', () => {
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
  const name = fc.string().filter((one) => one !== '$or')
  const events = fc.dictionary(name, scalar, { minKeys: 1 })
  const own = (event: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(event).map(([key, value]) => [key, [value]]))
  fc.assert(fc.property(events, (event) => matches(own(event), event)))
  // An event that may not match by its source alone never matches.
  fc.assert(
    fc.property(events, fc.constantFrom('a', 'b'), (event, source) => {
      const compiled = compilePattern(JSON.stringify({ source: ['a'], ...own(event) }))
      return compiled.mayMatch({ source }) || !compiled.matches({ ...event, source })
    }),
  )
})

test('EVT-03 a wildcard matches what the regular expression of the same meaning matches', () => {
  const text = fc.stringMatching(/^[ab]{0,12}$/)
  const pattern = fc.stringMatching(/^[ab*]{0,8}$/).filter((one) => !one.includes('**'))
  fc.assert(
    fc.property(pattern, text, (one, candidate) => {
      assert.equal(wildcard(one)(candidate), new RegExp(`^${one.replaceAll('*', '.*')}$`).test(candidate))
    }),
    { numRuns: 1000 },
  )
  assert.ok(wildcard('a\\*b\\\\')('a*b\\'))
})
