import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '#kernel/clock.ts'
import { CURRENT, PREVIOUS, versionIdOf } from '#kernel/secret-store.ts'
import { secretStoreSetting } from '#kernel/secret-store-setting.ts'
import { openSecretStore } from './open-secret-store.ts'
import { fakeServer } from './testing/fake-server.ts'
import { fakeVault } from './testing/fake-vault.ts'

const SCOPE = { account: '000000000000', region: 'us-east-1' }

function storeAt(url: string) {
  const faults: string[] = []
  const setting = secretStoreSetting({ STEWARD_SECRETS_URL: url }, faults)
  assert.deepEqual(faults, [])
  const store = openSecretStore(setting!, SCOPE.account, systemClock)
  const read = (name: string, stage = CURRENT, scope = SCOPE) => store.read(scope, name, { stage })
  return { ...store, secretOf: store.read, read, [Symbol.dispose]: () => store.close() }
}

const created = (second: number) => `2026-11-22T03:00:0${second}.123456789Z`

test('PS-15 Vault: versions of KV 2 by stage, number and id; what is deleted or missing is not there', async () => {
  using vault = await fakeVault()
  vault.kv2.set('app/db', [
    { data: { value: 'one' }, created: created(1) },
    { data: { user: 'u', password: 'p' }, created: created(2) },
    { data: { value: 'three' }, created: created(3) },
  ])
  vault.kv2.set('gone', [
    { data: { value: 'old' }, created: created(1) },
    { data: null, created: created(2) },
  ])
  using store = storeAt(`vault+http://token:root@${vault.host}/secret`)
  assert.deepEqual(await store.read('app/db'), {
    arn: undefined,
    name: 'app/db',
    versionId: '00000000-0000-0000-0000-000000000003',
    versionStages: [CURRENT],
    text: 'three',
    createdAt: new Date(created(3)),
  })
  const previous = await store.read('app/db', PREVIOUS)
  assert.deepEqual([previous?.text, previous?.versionStages], ['{"user":"u","password":"p"}', [PREVIOUS]])
  const first = await store.secretOf(SCOPE, 'app/db', { id: versionIdOf(1) })
  assert.deepEqual([first?.text, first?.versionStages], ['one', []])
  assert.equal((await store.read('app/db', '2'))?.versionId, versionIdOf(2))
  for (const stage of ['0', '4', 'AWSPENDING', 'x']) assert.equal(await store.read('app/db', stage), undefined, stage)
  assert.equal(await store.secretOf(SCOPE, 'app/db', { id: crypto.randomUUID() }), undefined)
  assert.equal(await store.read('gone'), undefined)
  assert.equal((await store.read('gone', PREVIOUS))?.text, 'old')
  assert.equal(await store.read('nothing'), undefined)
  await store.check()
})

test('PS-15 Vault: KV 1 has one version, and no date', async () => {
  using vault = await fakeVault()
  vault.kv1.set('team/key', { value: 'v' })
  using store = storeAt(`vault+http://token:root@${vault.host}/kv1?version=1&prefix=team`)
  const secret = await store.read('key')
  assert.deepEqual([secret?.text, secret?.createdAt, secret?.versionId], ['v', undefined, versionIdOf(1)])
  assert.equal(await store.read('key', PREVIOUS), undefined)
  assert.equal(await store.read('other'), undefined)
})

test('PS-15 Vault: no name leads out of its place, and none has two spellings', async () => {
  using vault = await fakeVault()
  vault.kv2.set('app/db', [{ data: { value: 'v' }, created: created(1) }])
  using store = storeAt(`vault+http://token:root@${vault.host}/secret?prefix=app`)
  for (const name of ['../app/db', './db', '/db', 'db/', 'x//db', '..', '']) {
    assert.equal(await store.read(name), undefined, name)
  }
  assert.equal(vault.asked.length, 0)
  await store.read('a=b+c@d/e')
  assert.equal(vault.asked[0]?.path, '/v1/secret/data/app/a%3Db%2Bc%40d/e')
})

test('PS-15 Vault: one login of AppRole serves all, in its namespace', async () => {
  using vault = await fakeVault()
  vault.kv2.set('db', [{ data: { value: 'v' }, created: created(1) }])
  using store = storeAt(`vault+http://approle:role:secret@${vault.host}/secret?namespace=team`)
  const read = await Promise.all([store.read('db'), store.read('db'), store.read('db')])
  assert.deepEqual(
    read.map((secret) => secret?.text),
    ['v', 'v', 'v'],
  )
  assert.equal(vault.logins(), 1)
  assert.ok(vault.asked.every(({ headers }) => headers['x-vault-namespace'] === 'team'))
  using wrong = storeAt(`vault+http://approle:role:other@${vault.host}/secret`)
  await assert.rejects(wrong.read('db'), { code: 'AccessDeniedException', message: /log in: it answered 400/ })
})

test('PS-15 Vault: a token from a file is read anew each time', async () => {
  using vault = await fakeVault({ tokens: ['second'] })
  vault.kv2.set('db', [{ data: { value: 'v' }, created: created(1) }])
  const file = join(await mkdtemp(join(tmpdir(), 'steward-')), 'token')
  using store = storeAt(`vault+http://${vault.host}/secret?token_file=${file}`)
  await assert.rejects(store.read('db'), { name: 'ApiError', code: 'ServiceUnavailable' })
  await writeFile(file, 'first\n')
  await assert.rejects(store.read('db'), { code: 'AccessDeniedException', message: /403 \(permission denied\)/ })
  await assert.rejects(store.check(), { message: /403 \(permission denied\)/ })
  await writeFile(file, 'second\n')
  assert.equal((await store.read('db'))?.text, 'v')
})

test('PS-15 Vault: what it cannot give is told apart from what is not there, without the token', async () => {
  using sealed = await fakeServer(() => ({ status: 503, body: { errors: ['Vault is sealed'] } }))
  using strange = await fakeServer(() => ({ status: 200, body: '<html>' }))
  const failed = { code: 'ServiceUnavailable', message: /503 \(Vault is sealed\)/ }
  using store = storeAt(`vault+http://token:tip-top-secret@${sealed.host}/secret`)
  await assert.rejects(store.read('db'), failed)
  await assert.rejects(store.check(), failed)
  using other = storeAt(`vault+http://token:tip-top-secret@${strange.host}/secret`)
  await assert.rejects(other.read('db'), { code: 'ServiceUnavailable', message: /not one of KV version 2/ })
  const gone = await fakeServer(() => undefined)
  gone.close()
  using away = storeAt(`vault+http://token:tip-top-secret@${gone.host}/secret`)
  const error = await away.read('db').then(
    () => assert.fail('nobody is there'),
    (error: Error) => error,
  )
  assert.equal(error.message, `The store of secrets does not answer: ${gone.host} cannot be reached: ECONNREFUSED`)
  assert.doesNotMatch(JSON.stringify([error, away]), /tip-top-secret/)
})

test('PS-15 a connection that the store gave up is no failure', async () => {
  const data = { data: { value: 'v' }, metadata: { version: 1, created_time: created(1) } }
  let asked = 0
  using server = await fakeServer(() =>
    asked++ === 0 ? { status: 200, hangsUp: true } : { status: 200, body: { data } },
  )
  using store = storeAt(`vault+http://token:t@${server.host}/secret`)
  assert.equal((await store.read('db'))?.text, 'v')
  assert.equal(asked, 2)
})

test('PS-15 accounts see secrets only under a prefix of their own', async () => {
  using vault = await fakeVault()
  for (const name of ['db', '111111111111/us-east-1/db'])
    vault.kv2.set(name, [{ data: { value: name }, created: created(1) }])
  const other = { account: '111111111111', region: 'us-east-1' }
  using own = storeAt(`vault+http://token:root@${vault.host}/secret`)
  assert.equal((await own.read('db'))?.text, 'db')
  assert.equal(await own.read('db', CURRENT, other), undefined)
  using each = storeAt(`vault+http://token:root@${vault.host}/secret?prefix={account}/{region}/`)
  assert.equal((await each.read('db', CURRENT, other))?.text, '111111111111/us-east-1/db')
  assert.equal(await each.read('db'), undefined)
})
