import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { Journal } from '#commands/journal.ts'
import type { ScriptRecord } from '#commands/journal-record.ts'
import { type Script, ScriptRunner } from '#scripts/script-runner.ts'
import { Cancelled, Detached } from '#stop-reason.ts'

async function bench() {
  const root = await mkdtemp(join(tmpdir(), 'steward-script-'))
  const journal = await Journal.create(join(root, 'journal'), {
    type: 'accepted',
    jobId: 'aws.ssm.c.n',
    topic: '',
    content: '',
    order: 1,
    at: '',
  })
  const ran = join(root, 'ran')
  const script = (more: Partial<Script> = {}): Script => ({
    key: '0.0',
    directory: join(root, 'script'),
    fileName: '_script.sh',
    text: `echo x >> ${ran}\necho out\n`,
    command: (path) => ['sh', path],
    workingDirectory: root,
    environment: { PATH: process.env.PATH },
    timeoutSeconds: 60,
    stdout: join(root, 'stdout'),
    stderr: join(root, 'stderr'),
    ...more,
  })
  const record = (boot: string): ScriptRecord => ({
    type: 'script',
    key: '0.0',
    run: 1,
    boot,
    deadline: Date.now() + 60_000,
    stdoutFrom: 0,
    stderrFrom: 0,
  })
  const runs = async () => (await readFile(ran, 'utf8').catch(() => '')).split('x').length - 1
  const close = async () => {
    await journal.close()
    await rm(root, { recursive: true })
  }
  return { root, journal, script, record, runs, [Symbol.asyncDispose]: close }
}

const runner = (bootId = 'boot') => new ScriptRunner({ bootId, now: Date.now, graceMs: 100 })
const { signal } = new AbortController()

test('scripts that begin at the same moment do not keep each other from running', async () => {
  await using here = await bench()
  const many = runner()
  const ends = Array.from({ length: 60 }, async (_, number) => {
    const directory = join(here.root, `script-${number}`)
    const command = (path: string) => ['sh', '-c', `exec '${path}'`]
    const own = here.script({
      key: `0.${number}`,
      directory,
      command,
      stdout: `${directory}.out`,
      stderr: `${directory}.err`,
    })
    return (await many.run(own, here.journal, signal)).end
  })
  for (const end of await Promise.all(ends)) assert.deepEqual(end, { kind: 'exited', code: 0 })
})

test('a script that ran is not run again; its result is remembered', async () => {
  await using here = await bench()
  const first = await runner().run(here.script(), here.journal, signal)
  const again = await runner().run(here.script(), here.journal, signal)
  assert.deepEqual(first, again)
  assert.deepEqual([first.end, first.stdout.toString()], [{ kind: 'exited', code: 0 }, 'out\n'])
  assert.equal(await here.runs(), 1)
})

test('an exit code that is not written whole does not count', async () => {
  await using here = await bench()
  await here.journal.append(here.record('boot'))
  await mkdir(join(here.root, 'script/run-1'), { recursive: true })
  await writeFile(join(here.root, 'script/run-1/process'), '999999999\n1')
  assert.deepEqual((await runner().run(here.script(), here.journal, signal)).end, { kind: 'lost' })
})

test('a run whose shell never began is claimed and run anew', async () => {
  await using here = await bench()
  await here.journal.append(here.record('boot'))
  const { end } = await runner().run(here.script(), here.journal, signal)
  assert.deepEqual(end, { kind: 'exited', code: 0 })
  assert.equal(await here.runs(), 1)
  assert.equal(await readFile(join(here.root, 'script/run-1/process'), 'utf8'), 'revoked\n')
})

test('a shell that comes too late finds its run claimed and does nothing', async () => {
  await using here = await bench()
  await mkdir(join(here.root, 'script/run-1'), { recursive: true })
  await writeFile(join(here.root, 'script/run-1/process'), 'revoked\n')
  const { end } = await runner().run(here.script(), here.journal, signal)
  assert.deepEqual(end, { kind: 'killed' })
  assert.equal(await here.runs(), 0)
})

test('a script that removes its own folder ends with its exit code', async () => {
  await using here = await bench()
  for (const code of [0, 7]) {
    const text = `rm -rf ${join(here.root, 'script')}\nexit ${code}\n`
    const { end } = await runner().run(here.script({ key: `0.${code}`, text }), here.journal, signal)
    assert.deepEqual(end, { kind: 'exited', code })
  }
})

test('a script that somebody else killed is told from one that was lost', async () => {
  await using here = await bench()
  const text = `echo x >> ${join(here.root, 'ran')}\nsleep 300\n`
  const running = runner().run(here.script({ text }), here.journal, signal)
  while ((await here.runs()) === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  process.kill(-Number(await readFile(join(here.root, 'script/run-1/process'), 'utf8')), 'SIGKILL')
  assert.deepEqual((await running).end, { kind: 'killed' })
})

test('a run from before the machine booted is lost when nothing tells how it ended', async () => {
  await using here = await bench()
  await here.journal.append(here.record('earlier boot'))
  const { end } = await runner().run(here.script(), here.journal, signal)
  assert.deepEqual(end, { kind: 'lost' })
  assert.equal(await here.runs(), 0)
})

test('a run from before the machine booted counts when its exit code is on the disk', async () => {
  await using here = await bench()
  await here.journal.append(here.record('earlier boot'))
  await mkdir(join(here.root, 'script/run-1'), { recursive: true })
  await writeFile(join(here.root, 'script/run-1/process'), '12345\n7\n')
  assert.deepEqual((await runner().run(here.script(), here.journal, signal)).end, { kind: 'exited', code: 7 })
})

test('a process id that another process has now is not taken for the script', async () => {
  await using here = await bench()
  await here.journal.append(here.record('boot'))
  await mkdir(join(here.root, 'script/run-1'), { recursive: true })
  await writeFile(join(here.root, 'script/run-1/process'), `${process.pid}\n`)
  assert.deepEqual((await runner().run(here.script(), here.journal, signal)).end, { kind: 'lost' })
})

test('a runner that goes away leaves the script to the next one', async () => {
  await using here = await bench()
  const gate = join(here.root, 'gate')
  const text = `echo x >> ${join(here.root, 'ran')}\nwhile [ ! -e ${gate} ] && [ -d ${dirname(gate)} ]; do sleep 0.01; done\nexit 9\n`
  const leaving = new AbortController()
  const first = runner().run(here.script({ text }), here.journal, leaving.signal)
  while ((await here.runs()) === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  leaving.abort(new Detached())
  await assert.rejects(first, Detached)
  const second = runner().run(here.script({ text }), here.journal, signal)
  await writeFile(gate, '')
  assert.deepEqual((await second).end, { kind: 'exited', code: 9 })
  assert.equal(await here.runs(), 1)
})

test('a script is adopted and cancelled', async () => {
  await using here = await bench()
  const text = `echo x >> ${join(here.root, 'ran')}\nsleep 300\n`
  const leaving = new AbortController()
  const first = runner().run(here.script({ text }), here.journal, leaving.signal)
  while ((await here.runs()) === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  leaving.abort(new Detached())
  await assert.rejects(first, Detached)
  const cancelling = new AbortController()
  cancelling.abort(new Cancelled())
  assert.deepEqual((await runner().run(here.script({ text }), here.journal, cancelling.signal)).end, {
    kind: 'cancelled',
  })
})

test('a script that was cancelled and is gone when the next runner looks is cancelled', async () => {
  await using here = await bench()
  await here.journal.append(here.record('earlier boot'))
  const cancelling = new AbortController()
  cancelling.abort(new Cancelled())
  assert.deepEqual((await runner().run(here.script(), here.journal, cancelling.signal)).end, { kind: 'cancelled' })
})

test('a script that is cancelled before it began does not begin', async () => {
  await using here = await bench()
  await here.journal.append(here.record('boot'))
  const cancelling = new AbortController()
  cancelling.abort(new Cancelled())
  for (const key of ['0.0', '0.1']) {
    const { end } = await runner().run(here.script({ key }), here.journal, cancelling.signal)
    assert.deepEqual(end, { kind: 'cancelled' })
  }
  assert.equal(await here.runs(), 0)
})

test('the deadline of an adopted script is the one it began with', async () => {
  await using here = await bench()
  const text = `echo x >> ${join(here.root, 'ran')}\nsleep 300\n`
  const leaving = new AbortController()
  const first = runner().run(here.script({ text }), here.journal, leaving.signal)
  while ((await here.runs()) === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  leaving.abort(new Detached())
  await assert.rejects(first, Detached)
  const late = new ScriptRunner({ bootId: 'boot', now: () => Date.now() + 61_000, graceMs: 100 })
  assert.deepEqual((await late.run(here.script({ text }), here.journal, signal)).end, { kind: 'timedOut' })
})

test('output beyond the bound is dropped while the script runs on', async () => {
  await using here = await bench()
  const text = 'head -c 80000000 /dev/zero\nsleep 1.2\necho end >&2\n'
  const { end, stdout, stderr } = await runner().run(here.script({ text }), here.journal, signal)
  assert.deepEqual([end, stdout.length, stderr.toString()], [{ kind: 'exited', code: 0 }, 24_001, 'end\n'])
  const { size } = await (await import('node:fs/promises')).stat(join(here.root, 'stdout'))
  assert.equal(size, 64 * 1024 * 1024)
})

test('a command that does not exist ends with 127, a script that cannot be written is not begun', async () => {
  await using here = await bench()
  const missing = await runner().run(here.script({ command: () => ['/no/such'] }), here.journal, signal)
  assert.deepEqual(missing.end, { kind: 'exited', code: 127 })
  const unwritable = await runner().run(
    here.script({ key: '0.1', directory: join(here.root, 'journal', 'below-a-file') }),
    here.journal,
    signal,
  )
  assert.equal(unwritable.end.kind, 'notStarted')
})

test('SIGTERM to the group does not keep the shell from telling the exit code', async () => {
  await using here = await bench()
  const text = `echo x >> ${join(here.root, 'ran')}\ntrap 'exit 42' TERM\nwhile :; do sleep 0.02; done\n`
  const running = runner().run(here.script({ text }), here.journal, signal)
  while ((await here.runs()) === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  process.kill(-Number(await readFile(join(here.root, 'script/run-1/process'), 'utf8')), 'SIGTERM')
  assert.deepEqual((await running).end, { kind: 'exited', code: 42 })
})
