import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VaultTokens } from './vault-tokens.ts'

/** Logs in as often as it is asked, each time with a token of the next number, good for ten minutes. */
function tokens(answers: number[] = []) {
  let now = 0
  let logins = 0
  const post = async () => {
    const status = answers.shift() ?? 200
    return { status, body: { auth: { client_token: `token-${++logins}`, lease_duration: 600 } } }
  }
  const login = { roleId: 'r', secretId: 's', mount: 'approle' }
  return { it: new VaultTokens(login, post, () => now), logins: () => logins, pass: (ms: number) => (now += ms) }
}

test('PS-15 a token of AppRole is kept until nine tenths of its life are over', async () => {
  const { it, logins, pass } = tokens()
  assert.equal(await it.current(), 'token-1')
  pass(539_000)
  assert.equal(await it.current(), 'token-1')
  pass(2_000)
  assert.deepEqual(await Promise.all([it.current(), it.current(), it.current()]), Array(3).fill('token-2'))
  assert.equal(logins(), 2)
})

test('PS-15 a token that is refused is replaced once for all, unless it is too young for that to help', async () => {
  const { it, logins, pass } = tokens()
  await it.current()
  assert.equal(await it.insteadOf('token-1'), undefined)
  pass(31_000)
  assert.deepEqual(await Promise.all([it.insteadOf('token-1'), it.insteadOf('token-1')]), ['token-2', 'token-2'])
  assert.equal(await it.insteadOf('token-1'), 'token-2')
  assert.equal(logins(), 2)
})

test('PS-15 a login that failed is tried again by the next who needs it', async () => {
  const { it } = tokens([503, 400])
  await assert.rejects(it.current(), { code: 'ServiceUnavailable' })
  await assert.rejects(it.current(), { code: 'AccessDeniedException' })
  assert.equal(await it.current(), 'token-3')
})

test('PS-15 a token that was given stays the only one', async () => {
  const it = new VaultTokens(
    { token: 't' },
    () => assert.fail('nobody logs in'),
    () => 0,
  )
  assert.equal(await it.current(), 't')
  assert.equal(await it.insteadOf('t'), undefined)
})
