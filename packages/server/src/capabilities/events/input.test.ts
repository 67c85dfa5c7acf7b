import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inputFor } from './input.ts'
import { parsePath, valueAt } from './json-path.ts'

const EVENT = {
  version: '0' as const,
  id: 'id-1',
  'detail-type': 'T',
  source: 'app',
  account: '1',
  time: '2026-01-01T00:00:00Z',
  region: 'r',
  resources: ['arn:a', 'arn:b'],
  detail: { instance: 'i-1', status: 'say "no"', size: 3, deep: { list: [{ n: 1 }, { n: 2 }] } },
}
const OCCASION = { ruleArn: 'arn:rule', ruleName: 'rule', now: new Date('2026-01-01T00:00:01.000Z') }
const input = (target: Parameters<typeof inputFor>[0]) => inputFor(target, EVENT, OCCASION)

test('EVT-03 a target gets the event, a part of it, a constant, or what its template makes of it', () => {
  assert.deepEqual(JSON.parse(input({})), EVENT)
  assert.equal(input({ Input: '{"a":1}' }), '{"a":1}')
  assert.equal(input({ InputPath: '$.detail.deep' }), '{"list":[{"n":1},{"n":2}]}')
  assert.equal(input({ InputPath: '$.none' }), 'null')
  const InputPathsMap = {
    i: '$.detail.instance',
    s: '$.detail.status',
    d: '$.detail.deep',
    n: '$.none',
    z: '$.detail.size',
  }
  const make = (InputTemplate: string) => input({ InputTransformer: { InputPathsMap, InputTemplate } })
  assert.deepEqual(JSON.parse(make('{"i": <i>, "s": <s>, "d": <d>, "n": <n>, "z": <z>}')), {
    ...{ i: 'i-1', s: 'say "no"', d: EVENT.detail.deep, n: '', z: 3 },
  })
  assert.equal(JSON.parse(make('"<i> is <s>, <z>: <d>"')), 'i-1 is say "no", 3: {list:[{n:1},{n:2}]}')
  assert.equal(make('<i> is <s>'), 'i-1 is say "no"')
  const predefined = JSON.parse(
    make('{"r":<aws.events.rule-arn>,"n":"<aws.events.rule-name>","e":<aws.events.event.json>}'),
  )
  assert.deepEqual(predefined, { r: 'arn:rule', n: 'rule', e: EVENT })
  const { detail: _, 'detail-type': detailType, ...rest } = EVENT
  assert.deepEqual(JSON.parse(make('{"e":<aws.events.event>}')).e, { ...rest, detailType })
})

test('EVT-03 a template that is JSON stays JSON, whatever the event says', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const event = { ...EVENT, detail: { value } }
      const InputTransformer = { InputPathsMap: { v: '$.detail.value' }, InputTemplate: '{"a":<v>,"b":"x <v> y"}' }
      const { a } = JSON.parse(inputFor({ InputTransformer }, event, OCCASION))
      assert.deepEqual(a, JSON.parse(JSON.stringify(value)) ?? '')
      const text = { InputPathsMap: { v: '$.detail.value' }, InputTemplate: '"x <v> y"' }
      assert.match(JSON.parse(inputFor({ InputTransformer: text }, event, OCCASION)), /^x .* y$/s)
    }),
  )
})

test('paths pick members, elements and all of a list', () => {
  assert.equal(valueAt(EVENT, '$.detail-type'), 'T')
  assert.equal(valueAt(EVENT, "$['detail-type']"), 'T')
  assert.equal(valueAt(EVENT, '$.resources[1]'), 'arn:b')
  assert.deepEqual(valueAt(EVENT, '$.detail.deep.list[*].n'), [1, 2])
  assert.equal(valueAt(EVENT, '$.toString'), undefined)
  for (const wrong of ['detail', '$.', '$detail', '$..a', '$[x]', '$.a b', '$.a['])
    assert.equal(parsePath(wrong), undefined)
})
