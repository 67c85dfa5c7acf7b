import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readQuery, typesNamed } from './query.ts'

const tagQuery = (query: unknown) => ({ Type: 'TAG_FILTERS_1_0' as const, Query: JSON.stringify(query) })
const stackQuery = (query: unknown) => ({ Type: 'CLOUDFORMATION_STACK_1_0' as const, Query: JSON.stringify(query) })
const ALL = ['AWS::AllSupported']

test('RG-02 tag filters say key and values; without values the key is enough, an empty one is a value', () => {
  const TagFilters = [
    { Key: 'a' },
    { Key: 'b', Values: [] },
    { Key: 'c', Values: ['1', '2'] },
    { Key: 'd', Values: [''] },
  ]
  assert.deepEqual(readQuery(tagQuery({ ResourceTypeFilters: ALL, TagFilters })), {
    types: undefined,
    tags: [{ keys: ['a'] }, { keys: ['b'] }, { key: 'c', values: ['1', '2'] }, { key: 'd', values: [''] }],
  })
})

test('RG-02a of two filters with the same key the last one counts', () => {
  const TagFilters = [{ Key: 'a', Values: ['1'] }, { Key: 'b' }, { Key: 'a', Values: ['2'] }]
  const tags = [{ key: 'a', values: ['2'] }, { keys: ['b'] }]
  assert.deepEqual(readQuery(tagQuery({ ResourceTypeFilters: ALL, TagFilters })), { types: undefined, tags })
})

test('RG-01 a query names types; without them it is about all', () => {
  const types = ['AWS::SSM::Document', 'AWS::SSM::Parameter']
  const query = tagQuery({ ResourceTypeFilters: types, TagFilters: [] })
  assert.deepEqual(readQuery(query), { types: new Set(types), tags: [] })
  assert.deepEqual(typesNamed(query), types)
  assert.deepEqual(typesNamed(tagQuery({ TagFilters: [{ Key: 'a' }] })), ALL)
})

test('RG-02a unknown members, unknown types and types given twice are refused', () => {
  const refused: [string, unknown][] = [
    ['not an object', []],
    ['empty', {}],
    ['a member in another case', { resourceTypeFilters: ALL }],
    ['an unknown member of a filter', { ResourceTypeFilters: ALL, TagFilters: [{ Key: 'a', Value: 'b' }] }],
    ['a filter without a key', { ResourceTypeFilters: ALL, TagFilters: [{ Values: ['b'] }] }],
    ['values that are no texts', { ResourceTypeFilters: ALL, TagFilters: [{ Key: 'a', Values: [1] }] }],
    ['an unknown type', { ResourceTypeFilters: ['AWS::Nothing::Known'] }],
    ['a type twice', { ResourceTypeFilters: ['AWS::SSM::Document', 'AWS::SSM::Document'] }],
    ['no types', { ResourceTypeFilters: [] }],
    ['a stack', { ResourceTypeFilters: ALL, StackIdentifier: 'arn:x' }],
  ]
  for (const [why, query] of refused)
    assert.throws(() => readQuery(tagQuery(query)), { code: 'BadRequestException' }, why)
  assert.throws(() => readQuery({ Type: 'TAG_FILTERS_1_0', Query: '{' }), { code: 'BadRequestException' })
  assert.throws(() => readQuery(stackQuery({ ResourceTypeFilters: ALL })), { code: 'BadRequestException' })
  assert.equal(readQuery(stackQuery({ ResourceTypeFilters: ALL, StackIdentifier: 'arn:x' })), undefined)
})
