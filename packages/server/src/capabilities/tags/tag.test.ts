import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resourceArn, resourceNamed, resourceOfArn, withTags } from './tag.ts'

const scope = { account: '123456789012', region: 'eu-west-1' }
const many = (count: number) => Array.from({ length: count }, (_, i) => ({ Key: `k${i}`, Value: '' }))

test('X-23 a resource carries 50 tags at most, an automation 5; a key that is there already is not one more', () => {
  assert.equal(withTags('Document', many(50), []).length, 50)
  assert.equal(withTags('Document', many(50), [{ Key: 'k7', Value: 'new' }])[7]?.Value, 'new')
  assert.throws(() => withTags('Document', many(50), [{ Key: 'one more', Value: '' }]), { code: 'TooManyTagsError' })
  assert.equal(withTags('Automation', many(4), [{ Key: 'fifth', Value: '' }]).length, 5)
  assert.throws(() => withTags('Automation', many(5), [{ Key: 'sixth', Value: '' }]), { code: 'TooManyTagsError' })
})

test('X-23 keys that begin with aws: in any case are reserved', () => {
  for (const Key of ['aws:x', 'AWS:x', 'aWs:']) {
    assert.throws(() => withTags('Document', [], [{ Key, Value: '' }]), { code: 'ValidationException' })
  }
  assert.equal(withTags('Document', [], [{ Key: 'awsome', Value: '' }]).length, 1)
})

test('X-23 a resource is named by its id, or by its ARN in this account and Region', () => {
  assert.deepEqual(resourceNamed(scope, 'Document', 'arn:aws:ssm:eu-west-1:123456789012:document/Mine'), {
    type: 'Document',
    id: 'Mine',
  })
  const elsewhere = 'arn:aws:ssm:eu-west-1:999999999999:document/Theirs'
  assert.equal(resourceNamed(scope, 'Document', elsewhere).id, elsewhere)
  assert.equal(
    resourceArn(scope, { type: 'Parameter', id: '/a/b' }),
    'arn:aws:ssm:eu-west-1:123456789012:parameter/a/b',
  )
})

test('X-14 the resource of an ARN is the one that the ARN was made of', () => {
  for (const resource of [
    { type: 'Parameter', id: '/a/b' },
    { type: 'Document', id: 'Mine' },
    { type: 'ManagedInstance', id: 'mi-0123456789abcdef0' },
  ] as const) {
    assert.deepEqual(resourceOfArn(resourceArn(scope, resource)), { scope, resource })
  }
  assert.equal(resourceOfArn('*'), undefined)
  assert.equal(resourceOfArn('arn:aws:ssm:eu-west-1:123456789012:session/x'), undefined)
  assert.equal(resourceOfArn('arn:aws:ssm:eu-west-1:123456789012:document'), undefined)
})
