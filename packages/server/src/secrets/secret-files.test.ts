import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '#kernel/clock.ts'
import { CURRENT, PREVIOUS } from '#kernel/secret-store.ts'
import { openSecretStore } from './open-secret-store.ts'

const SCOPE = { account: '000000000000', region: 'us-east-1' }

async function someFiles() {
  const folder = await mkdtemp(join(tmpdir(), 'steward-secrets-'))
  const store = openSecretStore({ kind: 'files', folder, prefix: '' }, SCOPE.account, systemClock)
  return {
    folder,
    store,
    write: (name: string, content: string | Buffer) => writeFile(join(folder, name), content, { mode: 0o600 }),
    read: (name: string, stage = CURRENT) => store.read(SCOPE, name, { stage }),
  }
}

test('PS-15 a file is a secret: its path the name, its content the value without the last line break', async () => {
  const { folder, store, write, read } = await someFiles()
  await mkdir(join(folder, 'app'))
  await write('app/db', 'line one\nline two\n\n')
  await write('certificate', '\ufeffx')
  await write('bytes', Buffer.from([0xff, 0xfe]))
  const secret = await read('app/db')
  assert.equal(secret?.text, 'line one\nline two\n')
  assert.deepEqual(secret?.versionStages, [CURRENT])
  assert.deepEqual(await store.read(SCOPE, 'app/db', { id: secret!.versionId }), secret)
  assert.equal(await read('app/db', PREVIOUS), undefined)
  assert.equal((await read('certificate'))?.text, '\ufeffx')
  assert.deepEqual((await read('bytes'))?.text, undefined)
  // As Kubernetes mounts secrets.
  await symlink(join(folder, 'app/db'), join(folder, 'linked'))
  assert.equal((await read('linked'))?.text, secret?.text)
  for (const name of ['app', 'nothing', 'app/db/x', '../x', 'app//db', '/app/db', 'x'.repeat(400)])
    assert.equal(await read(name), undefined, name)
  await store.check()
})

test('PS-15 a file that everybody on the machine may use, or that is too large, is no secret', async () => {
  const { folder, write, read } = await someFiles()
  await write('open', 'v')
  await chmod(join(folder, 'open'), 0o644)
  await write('large', 'x'.repeat(65_537))
  for (const name of ['open', 'large']) {
    const refused = {
      code: 'AccessDeniedException',
      message: `The secret ${name} cannot be used. The server's log has the reason.`,
    }
    await assert.rejects(read(name), refused)
  }
  await chmod(join(folder, 'open'), 0o640)
  assert.equal((await read('open'))?.text, 'v')
})

test('PS-15 a folder that is not there is told of', async () => {
  const store = openSecretStore({ kind: 'files', folder: '/nowhere', prefix: '' }, SCOPE.account, systemClock)
  await assert.rejects(store.check(), { code: 'ENOENT' })
})
