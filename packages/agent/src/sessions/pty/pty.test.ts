import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { openPty } from '#sessions/pty/open-pty.ts'
import type { Pty, PtyProgram } from '#sessions/pty/pty.ts'
import { openScriptPty } from '#sessions/pty/script-pty.ts'

const program: PtyProgram = {
  command: ['sh', '-c', 'stty size; stty -echo; read line; stty size; echo "got $line"; printf "%s" "$WORD"; exit 7'],
  environment: { PATH: process.env.PATH!, TERM: 'dumb', WORD: 'no line end' },
  directory: '/',
  columns: 71,
  rows: 23,
  owner: undefined,
}

/** Collects what a terminal shows, and tells when it shows something. */
function shownBy(pty: Pty) {
  let shown = ''
  let look = () => {}
  pty.onOutput((bytes) => {
    shown += bytes
    look()
  })
  const until = (what: string) =>
    new Promise<void>((resolve) => {
      look = () => shown.includes(what) && resolve()
      look()
    })
  return { until, text: () => shown }
}

const ways: [name: string, open: (program: PtyProgram) => Promise<Pty>][] = [
  ['the addon', (asked) => openPty(asked, tmpdir())],
  ['script(1)', openScriptPty],
]

for (const [name, open] of ways) {
  test(`SM-17 a terminal by ${name} has its size, takes what is typed, and gives all output and the exit code`, async () => {
    const pty = await open(program)
    const shown = shownBy(pty)
    await shown.until('23 71\r\n')
    pty.resize(100, 40)
    // By script(1) the size is set by another process.
    await sizeIs(pty, '40 100')
    await pty.write(Buffer.from('hello\r'))
    assert.equal((await pty.exited).code, 7)
    await pty.closed
    assert.ok(shown.text().endsWith('40 100\r\ngot hello\r\nno line end'), shown.text())
  })
}

async function sizeIs(pty: Pty, size: string): Promise<void> {
  for (;;) {
    const terminal = readlinkSync(`/proc/${pty.pid}/fd/0`)
    if (execFileSync('stty', ['-F', terminal, 'size'], { encoding: 'utf8' }).trim() === size) return
    await new Promise(setImmediate)
  }
}

test('SM-17 a terminal that is not read makes its program wait, and loses nothing when the program ends', async () => {
  const pty = await openPty({ ...program, command: ['sh', '-c', 'seq 1 20000'] }, tmpdir())
  const shown = shownBy(pty)
  await shown.until('1\r\n')
  pty.pause()
  const other = await openPty({ ...program, command: ['true'] }, tmpdir())
  other.onOutput(() => {})
  const first = await Promise.race([pty.exited.then(() => 'the paused one'), other.closed.then(() => 'the other one')])
  assert.equal(first, 'the other one')
  pty.resume()
  await pty.closed
  assert.ok(shown.text().endsWith('\r\n20000\r\n'))
  assert.equal(shown.text().split('\r\n').length, 20_001)
})
