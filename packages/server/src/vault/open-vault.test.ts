import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import { type Database, tables } from '#db/database.ts'
import type { MasterKeySetting } from '#kernel/config.ts'
import { DataDirectory } from '#kernel/data-directory.ts'
import { openVault } from './open-vault.ts'
import { KEY_FILE, keysOfDataDirectory, masterKeySource } from './source.ts'
import { type VaultTables, vaultMigrations } from './tables.ts'

const OWN: MasterKeySetting = { kind: 'data-directory' }
const environment = (...keys: string[]): MasterKeySetting => ({ kind: 'environment', keys })
const passphrase = (text: string, previous?: string): MasterKeySetting => ({
  kind: 'passphrase',
  passphrase: text,
  previous,
})
const randomKey = () => randomBytes(32).toString('base64')

/** A data directory that is gone afterwards, and starts of the vault on it. */
function installation(database: Database) {
  const path = mkdtempSync(join(tmpdir(), 'steward-vault-'))
  const data = new DataDirectory(path)
  const start = async (setting: MasterKeySetting, lostKeyIds: string[] = []) =>
    openVault({
      database,
      source: masterKeySource(setting, data),
      olderKeys: keysOfDataDirectory(data),
      lostKeyIds,
      now: new Date('2026-01-01T00:00:00Z'),
    })
  return {
    data,
    start,
    file: join(path, KEY_FILE),
    rows: () => database.read((reader) => tables<VaultTables>(reader).selectFrom('master_key').selectAll().execute()),
    [Symbol.dispose]: () => rmSync(path, { recursive: true }),
  }
}

for (const kind of DATABASES) {
  test(`the first start makes a key that only its owner can read, and the next ones find it (${kind})`, async () => {
    await using database = await openTestDatabase(kind, vaultMigrations)
    using here = installation(database)
    const vault = await here.start(OWN)
    assert.equal(statSync(here.file).mode & 0o777, 0o600)
    const sealed = vault.seal(Buffer.from('secret'), 'whose')
    const again = await here.start(OWN)
    assert.equal(again.open(sealed, 'whose').toString(), 'secret')
    assert.equal((await here.rows()).length, 1)
  })

  test(`a lost or wrong key ends the start in plain words, with nothing written (${kind})`, async () => {
    await using database = await openTestDatabase(kind, vaultMigrations)
    using here = installation(database)
    const { currentId } = await here.start(OWN)
    const before = await here.rows()
    const right = readFileSync(here.file)

    rmSync(here.file)
    await assert.rejects(here.start(OWN), (error: Error) => {
      assert.match(
        error.message,
        new RegExp(`^the master key ${currentId} is missing: the file .* does not have it\\.`),
      )
      assert.match(error.message, /SecureString/)
      assert.match(error.message, new RegExp(`STEWARD_MASTER_KEY_LOST=${currentId}`))
      return true
    })
    assert.ok(!existsSync(here.file))
    writeFileSync(here.file, randomKey())
    await assert.rejects(here.start(OWN), /is missing: .* has [0-9a-f]{16} instead/)
    writeFileSync(here.file, 'nonsense')
    await assert.rejects(here.start(OWN), /does not have a master key: 32 bytes in base64/)
    rmSync(here.file)
    const wrong = randomKey()
    await assert.rejects(here.start(environment(wrong)), (error: Error) => !error.message.includes(wrong))
    await assert.rejects(here.start(passphrase('a passphrase of ours')), /is missing: the passphrase/)

    assert.deepEqual(await here.rows(), before)
    assert.ok(!existsSync(here.file))
    writeFileSync(here.file, right)
    assert.equal((await here.start(OWN)).currentId, currentId)
  })
}

test('with the key said to be gone for good, a new one takes its place; the old one put back opens again', async () => {
  await using database = await openTestDatabase('sqlite', vaultMigrations)
  using here = installation(database)
  const first = await here.start(OWN)
  const sealed = first.seal(Buffer.from('secret'), 'whose')
  const right = readFileSync(here.file, 'utf8')
  rmSync(here.file)
  const second = await here.start(OWN, [first.currentId])
  assert.notEqual(second.currentId, first.currentId)
  assert.throws(() => second.open(sealed, 'whose'), { name: 'SealBroken', masterKeyId: first.currentId })
  assert.equal((await here.start(OWN)).currentId, second.currentId)
  writeFileSync(here.file, `${readFileSync(here.file, 'utf8')}${right}`)
  assert.equal((await here.start(OWN)).open(sealed, 'whose').toString(), 'secret')
})

test('the key may come from the environment or a file; from one to the other through both', async () => {
  await using database = await openTestDatabase('sqlite', vaultMigrations)
  using here = installation(database)
  const [a, b] = [randomKey(), randomKey()]
  const first = await here.start(environment(a))
  assert.ok(!existsSync(here.file))
  const sealed = first.seal(Buffer.from('secret'), 'whose')
  await assert.rejects(here.start(environment(b)), /is missing/)
  const second = await here.start(environment(b, a))
  assert.notEqual(second.currentId, first.currentId)
  assert.equal(second.open(sealed, 'whose').toString(), 'secret')
  const path = join(here.data.path, 'mounted.key')
  writeFileSync(path, `# ours\n${b}\n${a}\n`)
  const third = await here.start({ kind: 'file', path })
  assert.equal(third.currentId, second.currentId)
  writeFileSync(here.file, `${a}\n`)
  assert.equal((await here.start(environment(b))).open(sealed, 'whose').toString(), 'secret')
  await assert.rejects(here.start({ kind: 'file', path: '/nowhere/at/all' }), /is missing/)
})

test('a file that is not there, or has nothing in it, ends the first start with how to make one', async () => {
  await using database = await openTestDatabase('sqlite', vaultMigrations)
  using here = installation(database)
  const path = join(here.data.path, 'mounted.key')
  const how = `To make it: umask 077; openssl rand -base64 32 > ${path}`
  const name = `the file ${path} (STEWARD_MASTER_KEY_FILE)`
  await assert.rejects(here.start({ kind: 'file', path }), { message: `${name} does not exist. ${how}` })
  writeFileSync(path, '\n')
  await assert.rejects(here.start({ kind: 'file', path }), { message: `${name} is empty. ${how}` })
  assert.deepEqual(await here.rows(), [])
  writeFileSync(path, `${randomKey()}\n`)
  const { currentId } = await here.start({ kind: 'file', path })
  writeFileSync(path, '')
  // What the database has secrets under is to be put back, not made anew.
  await assert.rejects(here.start({ kind: 'file', path }), new RegExp(`^Error: the master key ${currentId} is missing`))
})

test('a passphrase gives the same key at each start, and can be changed', async () => {
  await using database = await openTestDatabase('sqlite', vaultMigrations)
  using here = installation(database)
  const first = await here.start(passphrase('correct horse battery'))
  const sealed = first.seal(Buffer.from('secret'), 'whose')
  assert.equal((await here.start(passphrase('correct horse battery'))).currentId, first.currentId)
  await assert.rejects(here.start(passphrase('another passphrase')), /is missing: the passphrase/)
  const second = await here.start(passphrase('another passphrase', 'correct horse battery'))
  assert.notEqual(second.currentId, first.currentId)
  assert.equal(second.open(sealed, 'whose').toString(), 'secret')
  const third = await here.start(passphrase('another passphrase', 'correct horse battery'))
  assert.equal(third.currentId, second.currentId)
  const [row] = await here.rows()
  assert.deepEqual(Object.keys(JSON.parse(row!.derivation!)), [
    'algorithm',
    'salt',
    'memoryKiB',
    'passes',
    'parallelism',
  ])
})

test('a crash after the new key was written and before the database knows it is no loss', async () => {
  await using database = await openTestDatabase('sqlite', vaultMigrations)
  using here = installation(database)
  const first = await here.start(OWN)
  const sealed = first.seal(Buffer.from('secret'), 'whose')
  const { key } = masterKeySource(OWN, here.data).follow(first.currentId)
  const second = await here.start(OWN)
  assert.equal(second.currentId, key.id)
  assert.equal(second.open(sealed, 'whose').toString(), 'secret')
})
