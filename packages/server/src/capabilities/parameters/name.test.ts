import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { keyOf, namedArn, nameToWrite, parameterArn, parentOf, parsePath, parseReference, rangeUnder } from './name.ts'

const scope = { account: '123456789012', region: 'eu-west-1' }
const segment = fc.stringMatching(/^[a-zA-Z0-9_.-]{1,8}$/).filter((text) => !/^(?:aws|ssm)/i.test(text))
const path = fc.array(segment, { minLength: 1, maxLength: 15 }).map((segments) => `/${segments.join('/')}`)

test('PS-02 every name of the grammar can be written, and found again by name and ARN', () => {
  fc.assert(
    fc.property(path, (name) => {
      assert.equal(nameToWrite(scope, name), name)
      const arn = parameterArn(scope, keyOf(name))
      assert.deepEqual(parseReference(scope, name).key, name)
      assert.deepEqual(parseReference({ ...scope, account: '999999999999' }, arn), {
        scope,
        key: name,
        spelling: undefined,
        selector: undefined,
      })
    }),
  )
})

test('PS-08 what is asked for is what is authorised, in whatever words', () => {
  const word = fc.oneof(
    path,
    segment,
    fc.string(),
    fc.string({ unit: fc.constantFrom('/', ':', 'a', '1', ' ', '.', '\n') }),
  )
  const prefix = fc.constantFrom(
    '',
    'arn:aws:ssm:eu-west-1:123456789012:parameter/',
    'arn:aws:ssm:eu-west-1::parameter/',
    'arn:x:ssm:r:999999999999:parameter/',
    ' ',
  )
  fc.assert(
    fc.property(prefix, word, fc.constantFrom('', ':1', ':label', ':'), (before, name, after) => {
      const text = before + name + after
      let ref: ReturnType<typeof parseReference>
      try {
        ref = parseReference(scope, text)
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'ValidationException')
        return
      }
      assert.equal(namedArn(scope, text), parameterArn(ref.scope, ref.key))
    }),
    { numRuns: 2000 },
  )
})

test('PS-09 the range of a path holds what lies under it and nothing else', () => {
  fc.assert(
    fc.property(path, path, (folder, key) => {
      const { after, before } = rangeUnder(folder)
      assert.equal(key > after && key < before, key.startsWith(`${folder}/`))
      assert.equal(parentOf(`${folder}/x`), folder)
    }),
  )
  const root = rangeUnder('/')
  fc.assert(fc.property(path, (key) => key > root.after && key < root.before))
})

test('PS-09 a path may end with a slash', () => {
  fc.assert(fc.property(path, (text) => parsePath(`${text}/`) === text && parsePath(text) === text))
  assert.equal(parsePath('/'), '/')
  for (const bad of ['', 'a', '//', '/a//b', '/a b', '/a:b'])
    assert.throws(() => parsePath(bad), { code: 'ValidationException' })
})
