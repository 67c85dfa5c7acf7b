import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Activation, checkActivation, expiryOf, hashOfCode, tagsOfActivation } from './activation.ts'

const now = new Date('2026-03-01T12:00:00.000Z')
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000)

const activation: Activation = {
  scope: { account: '123456789012', region: 'eu-west-1' },
  id: '00000000-0000-4000-8000-000000000000',
  codeHash: hashOfCode('the-right-code-of-20'),
  description: undefined,
  defaultInstanceName: undefined,
  iamRole: 'Role',
  registrationLimit: 3,
  registrationsCount: 2,
  expiresAt: hours(1),
  createdAt: hours(-1),
  tags: [],
  registrationMetadata: [],
}

test('HYB-01 an activation is good for 24 hours unless said, and for 30 days at most', () => {
  assert.deepEqual(expiryOf(undefined, now), hours(24))
  assert.deepEqual(expiryOf(hours(30 * 24), now), hours(30 * 24))
  const refused = { code: 'InvalidParameters' }
  assert.throws(() => expiryOf(new Date(hours(30 * 24).getTime() + 1), now), refused)
  assert.throws(() => expiryOf(now, now), refused)
  assert.throws(() => expiryOf(hours(-1), now), refused)
})

test('HYB-01 an activation carries each tag once, 50 of them at most, and none that is reserved', () => {
  const tags = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: '' }))
  assert.equal(tagsOfActivation([...tags, { Key: 'k0', Value: 'last' }])[0]?.Value, 'last')
  assert.throws(() => tagsOfActivation([...tags, { Key: 'more', Value: '' }]), { code: 'InvalidParameters' })
  assert.throws(() => tagsOfActivation([{ Key: 'Aws:x', Value: '' }]), { code: 'InvalidParameters' })
})

test('HYB-04 the code is looked at first, so that who does not know it learns nothing else', () => {
  const check = (change: Partial<Activation>, code = 'the-right-code-of-20', at = now) =>
    checkActivation({ ...activation, ...change }, code, at)
  assert.doesNotThrow(() => check({}))
  assert.throws(() => check({ expiresAt: hours(-1) }, 'a-wrong-code-of-20-c'), { message: /don't match/ })
  assert.throws(() => check({}, 'the-right-code-of-20', hours(1)), { code: 'InvalidActivation', message: /expired/ })
  assert.throws(() => check({ registrationsCount: 3 }), { code: 'InvalidActivation', message: /all are used/ })
})
