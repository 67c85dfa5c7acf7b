/** Copies between two folders of this machine: the node is a shell in one of them. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { SLICE_BYTES } from '@steward/session-client/copy-scripts.ts'
import { download, upload } from './copy.ts'
import { downloadFile, uploadFile } from './copy-file.ts'
import { downloadTree, uploadTree } from './copy-tree.ts'
import { parseLocation } from './location.ts'
import { bytesText, type Progress, silent } from './progress.ts'
import type { RemoteShell } from './remote-shell.ts'

function places(t: TestContext): { here: string; home: string; shell: RemoteShell } {
  const folder = mkdtempSync(join(tmpdir(), 'steward-copy-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [here, home] = [join(folder, 'here'), join(folder, 'home of node')]
  mkdirSync(here)
  mkdirSync(home)
  const shell: RemoteShell = (line) => {
    const child = spawn('sh', ['-c', line], { env: { PATH: process.env.PATH, HOME: home }, cwd: '/' })
    const ended = once(child, 'close').then(([code]) => (code ?? 255) as number)
    return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended, exact: Promise.resolve(true) }
  }
  return { here, home, shell }
}

/** What Amazon's agent makes of what commands print. */
async function* takenForText(printed: Readable): AsyncGenerator<Buffer> {
  const text = (await buffer(printed)).toString('latin1')
  const replaced = Buffer.of(0xef, 0xbf, 0xbd).toString('latin1')
  yield Buffer.from(text.replaceAll(replaced, '\xef').replace(/[\x80-\xff]{1,3}$/, ''), 'latin1')
}

/** Tells how many bytes of a file were there already. */
function starts(): Progress & { readonly at: number[] } {
  const at: number[] = []
  return { ...silent, at, file: (_name, _size, done) => void at.push(done) }
}

test('a file arrives whole, with its permissions, under its own name in a directory', async (t) => {
  const { here, home, shell } = places(t)
  const content = randomBytes(3_000_000)
  writeFileSync(join(here, "it's a file"), content, { mode: 0o750 })
  mkdirSync(join(home, 'in box'))
  await uploadFile(shell, join(here, "it's a file"), '~/in box', silent)
  assert.deepEqual(readFileSync(join(home, "in box/it's a file")), content)
  assert.equal(statSync(join(home, "in box/it's a file")).mode & 0o777, 0o750)
  await downloadFile(shell, "in box/it's a file", join(here, 'back'), silent)
  assert.deepEqual(readFileSync(join(here, 'back')), content)
  assert.equal(statSync(join(here, 'back')).mode & 0o777, 0o750)
})

test('an empty file is a file', async (t) => {
  const { here, home, shell } = places(t)
  writeFileSync(join(here, 'empty'), '')
  await uploadFile(shell, join(here, 'empty'), '-odd', silent)
  await downloadFile(shell, '-odd', join(here, 'again'), silent)
  assert.equal(readFileSync(join(home, '-odd'), 'utf8') + readFileSync(join(here, 'again'), 'utf8'), '')
})

test('a copy that was cut goes on where it stopped, unless what is there is something else', async (t) => {
  const { here, home, shell } = places(t)
  const content = randomBytes(2_000_000)
  writeFileSync(join(here, 'a'), content)
  for (const [begun, at] of [
    [content.subarray(0, 1_500_000), 1_500_000],
    [randomBytes(1000), 0],
    [Buffer.concat([content, Buffer.from('more')]), 0],
  ] as const) {
    writeFileSync(join(home, 'b.steward-part'), begun)
    const up = starts()
    await uploadFile(shell, join(here, 'a'), 'b', up)
    assert.deepEqual([up.at, readFileSync(join(home, 'b'))], [[at], content])
    writeFileSync(join(here, 'c.steward-part'), begun)
    const down = starts()
    await downloadFile(shell, 'b', join(here, 'c'), down)
    assert.deepEqual([down.at, readFileSync(join(here, 'c'))], [[at], content])
  }
  assert.ok(!existsSync(join(home, 'b.steward-part')) && !existsSync(join(here, 'c.steward-part')))
})

test('any file comes whole from an agent that takes output for text', async (t) => {
  const { here, home, shell } = places(t)
  const asAmazons: RemoteShell = (line) => {
    const command = shell(line)
    return { ...command, stdout: Readable.from(takenForText(command.stdout)), exact: Promise.resolve(false) }
  }
  const content = Buffer.concat([
    randomBytes(SLICE_BYTES + 100_000),
    Buffer.from('\ufffd and \ufffd'),
    Buffer.of(0xf0, 0x9f),
  ])
  writeFileSync(join(home, 'a'), content)
  await downloadFile(asAmazons, 'a', join(here, 'b'), silent)
  assert.deepEqual(readFileSync(join(here, 'b')), content)
  writeFileSync(join(here, 'c.steward-part'), content.subarray(0, 70_001))
  await downloadFile(asAmazons, 'a', join(here, 'c'), silent)
  assert.deepEqual(readFileSync(join(here, 'c')), content)
})

test('what the node complains of is told', async (t) => {
  const { here, shell } = places(t)
  await assert.rejects(downloadFile(shell, 'nothing', join(here, 'x'), silent), /The node says: .*nothing/)
  writeFileSync(join(here, 'a'), 'a')
  await assert.rejects(uploadFile(shell, join(here, 'a'), 'no/such/place', silent), /The node says: .*no\/such\/place/)
})

test('a session that breaks while a file comes is told once', async (t) => {
  const { here, home, shell } = places(t)
  writeFileSync(join(home, 'a'), 'a')
  let calls = 0
  const breaking: RemoteShell = (line) => {
    const command = shell(line)
    if (calls++ === 0) return command
    const broken = new Error('The session was ended.')
    for (const stream of [command.stdin, command.stdout, command.stderr]) stream.on('error', () => {}).destroy(broken)
    return { ...command, ended: Promise.reject(broken) }
  }
  await assert.rejects(downloadFile(breaking, 'a', join(here, 'b'), silent), /The session was ended/)
})

test('a directory goes both ways, and again only what differs', async (t) => {
  const { here, home, shell } = places(t)
  const source = join(here, 'tree')
  mkdirSync(join(source, 'deep/er'), { recursive: true })
  mkdirSync(join(source, 'nothing in it'))
  writeFileSync(join(source, 'one'), 'one')
  writeFileSync(join(source, 'deep/er/two words'), 'two')
  symlinkSync('deep/er', join(source, 'link'))
  await uploadTree(shell, source, 'there/tree', silent)
  assert.equal(readFileSync(join(home, 'there/tree/link/two words'), 'utf8'), 'two')
  assert.equal(readlinkSync(join(home, 'there/tree/link')), 'deep/er')
  assert.ok(existsSync(join(home, 'there/tree/nothing in it')))

  const before = statSync(join(home, 'there/tree/one')).ino
  writeFileSync(join(source, 'deep/er/two words'), 'two more')
  await uploadTree(shell, source, 'there/tree', silent)
  assert.equal(readFileSync(join(home, 'there/tree/deep/er/two words'), 'utf8'), 'two more')
  assert.equal(statSync(join(home, 'there/tree/one')).ino, before)

  await downloadTree(shell, 'there/tree', join(here, 'back'), silent)
  assert.equal(readFileSync(join(here, 'back/deep/er/two words'), 'utf8'), 'two more')
  assert.equal(readlinkSync(join(here, 'back/link')), 'deep/er')
  assert.ok(existsSync(join(here, 'back/nothing in it')))
})

test('as with cp, a directory that is there takes in what is copied to it', async (t) => {
  const { here, home, shell } = places(t)
  mkdirSync(join(here, 'tree'))
  mkdirSync(join(home, 'box'))
  writeFileSync(join(here, 'tree/one'), 'one')
  for (const [to, found] of [
    ['box', 'box/tree/one'],
    ['new', 'new/one'],
  ] as const) {
    await upload(shell, join(here, 'tree'), to, silent)
    assert.equal(readFileSync(join(home, found), 'utf8'), 'one')
  }
  await download(shell, 'box/tree', here, silent)
  await download(shell, 'box/tree/one', here, silent)
  assert.equal(readFileSync(join(here, 'one'), 'utf8'), 'one')
  await assert.rejects(upload(shell, join(here, 'no'), 'x', silent), /There is no .*no here/)
})

test('a location is NODE:PATH, or a path of this machine', () => {
  assert.deepEqual(parseLocation('web-1:/etc/hosts'), { node: 'web-1', path: '/etc/hosts' })
  assert.deepEqual(parseLocation('tag:role=web:logs'), { node: 'tag:role=web', path: 'logs' })
  assert.deepEqual(parseLocation('mi-0123456789abcdef0:'), { node: 'mi-0123456789abcdef0', path: '.' })
  for (const path of ['plain', './a:b', '/x:y', 'C:\\Users', 'd/e:f']) {
    assert.deepEqual(parseLocation(path), { node: undefined, path })
  }
  assert.throws(() => parseLocation(':x'), /names no file/)
})

test('sizes are read at a glance', () => {
  assert.deepEqual([0, 999, 1500, 1e9].map(bytesText), ['0 B', '999 B', '1.5 kB', '1.0 GB'])
})
