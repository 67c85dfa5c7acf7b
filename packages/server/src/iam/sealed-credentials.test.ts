import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { SealedCredentials } from './sealed-credentials.ts'

const session = {
  kind: 'node',
  account: '123456789012',
  region: 'us-east-1',
  nodeId: 'mi-0123456789abcdef0',
  role: 'Role',
  expires: 1_800_000_000_000,
} as const

test('what was issued says whose it is, with its secret, also to another server with the same key', () => {
  const key = randomBytes(32)
  const issued = new SealedCredentials(key).issue(session)
  assert.match(issued.accessKeyId, /^ASIA[A-Z0-9]{16}$/)
  assert.equal(issued.secretAccessKey.length, 40)
  assert.equal(issued.expiration.getTime(), session.expires)
  const opened = new SealedCredentials(key).open(issued.accessKeyId, issued.sessionToken)
  assert.deepEqual(opened, { session: { accessKeyId: issued.accessKeyId, ...session }, secret: issued.secretAccessKey })
})

test('a token is good with its own key id only, and only where it was made', () => {
  const key = randomBytes(32)
  const sealed = new SealedCredentials(key)
  const [one, other] = [sealed.issue(session), sealed.issue(session)]
  assert.notEqual(one.secretAccessKey, other.secretAccessKey)
  assert.equal(sealed.open(other.accessKeyId, one.sessionToken), undefined)
  assert.equal(new SealedCredentials(randomBytes(32)).open(one.accessKeyId, one.sessionToken), undefined)
})

test('a token that was changed in any way, or made up, opens nothing and throws nothing', () => {
  const sealed = new SealedCredentials(randomBytes(32))
  const { accessKeyId, sessionToken } = sealed.issue(session)
  const bytes = Buffer.from(sessionToken, 'base64url')
  const changed = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
    const copy = Buffer.from(bytes)
    copy[at]! ^= mask
    return copy.toString('base64url')
  })
  const cut = fc.nat(bytes.length - 1).map((length) => bytes.subarray(0, length).toString('base64url'))
  fc.assert(
    fc.property(fc.oneof(changed, cut, fc.string(), fc.base64String()), (token) => {
      assert.equal(sealed.open(accessKeyId, token), undefined)
    }),
  )
})
