import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as parse from './arguments.ts'
import { UsageFault } from './fault.ts'

test('a target is a key with values, in our short form or in that of the AWS CLI', () => {
  assert.deepEqual(parse.parseTarget('tag:role=web'), { Key: 'tag:role', Values: ['web'] })
  assert.deepEqual(parse.parseTarget('tag:role=web,db'), { Key: 'tag:role', Values: ['web', 'db'] })
  assert.deepEqual(parse.parseTarget('Key=tag:role,Values=web,db'), { Key: 'tag:role', Values: ['web', 'db'] })
  assert.deepEqual(parse.parseTarget('InstanceIds=*'), { Key: 'InstanceIds', Values: ['*'] })
  assert.deepEqual(parse.parseTarget('tag:eq=a=b'), { Key: 'tag:eq', Values: ['a=b'] })
})

test('what is no target is refused with an example', () => {
  for (const text of ['', 'web', '=web', 'tag:role=', 'tag:role=,']) {
    assert.throws(() => parse.parseTarget(text), UsageFault, text)
  }
  assert.throws(() => parse.parseTarget('web'), /such as tag:role=web, not 'web'/)
})

test('a parameter that comes again adds a value, and keeps what stands behind the first equals sign', () => {
  assert.deepEqual(parse.parseParameters(['commands=a', 'commands=b=c', 'workingDirectory=']), {
    commands: ['a', 'b=c'],
    workingDirectory: [''],
  })
  assert.deepEqual(Object.entries(parse.parseParameters(['__proto__=x'])), [['__proto__', ['x']]])
  assert.throws(() => parse.parseParameters(['commands']), /A parameter is NAME=VALUE, not 'commands'/)
})

test('a tag may have an empty value, not an empty key', () => {
  assert.deepEqual(parse.parseTag('role=web'), { Key: 'role', Value: 'web' })
  assert.deepEqual(parse.parseTag('role='), { Key: 'role', Value: '' })
  assert.throws(() => parse.parseTag('=web'), UsageFault)
})

test('a list has no empty parts', () => {
  assert.deepEqual(parse.parseList('mi-1, mi-2,'), ['mi-1', 'mi-2'])
  assert.throws(() => parse.parseList(' , '), UsageFault)
})

test('a whole number stays within its bounds', () => {
  assert.equal(parse.parseWholeNumber('--limit', '1000', 1, 1000), 1000)
  for (const text of ['0', '1001', '-1', '1.5', '1e2', '', 'x']) {
    assert.throws(() => parse.parseWholeNumber('--limit', text, 1, 1000), /from 1 to 1000/)
  }
})

test('the address of a server is https without a path', () => {
  assert.equal(parse.parseServerUrl('https://steward.example:8471').host, 'steward.example:8471')
  for (const text of ['http://x', 'steward.example:8471', 'https://x/path', 'https://x/?a', 'https://u@x', '']) {
    assert.throws(() => parse.parseServerUrl(text), UsageFault, text)
  }
})

test('a time is so long ago, or a date', () => {
  assert.equal(parse.parseSince('2026-11-21T10:00:00Z').getTime(), Date.UTC(2026, 10, 21, 10))
  const before = Date.now()
  const since = parse.parseSince('12h').getTime() + 12 * 3_600_000
  assert.ok(since >= before && since <= Date.now())
  for (const text of ['', '12', 'h', '-1h', 'yesterday']) assert.throws(() => parse.parseSince(text), UsageFault, text)
})
