import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { SHELLS, scriptOf } from './testing/agent-script.ts'

type Row = Record<string, string | number | null>

const LINUX = process.platform === 'linux' ? {} : { skip: 'the document is for Linux' }
const AWKS = ['gawk', 'mawk', 'busybox awk'].filter(
  (awk) => spawnSync('sh', ['-c', `${awk} 1 </dev/null`]).status === 0,
)
/** Each shell, and each awk, at least once. */
const PLATFORMS = [
  ...SHELLS.map((shell) => ({ shell, awk: AWKS[0]! })),
  ...AWKS.slice(1).map((awk) => ({ shell: SHELLS[0]!, awk })),
]

/** A node whose programs are those of this machine, but for some that stand in. */
async function node({ shell, awk } = PLATFORMS[0]!, programs: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'steward-query-'))
  await mkdir(join(folder, 'bin'))
  for (const [name, script] of Object.entries({ awk: `exec ${awk} "$@"`, ...programs })) {
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  async function ask(Fact: string, parameters: Record<string, string[]> = {}) {
    const script = join(folder, '_script.sh')
    await writeFile(script, scriptOf('Steward-LiveQuery', { Fact: [Fact], ...parameters }))
    const [program, ...words] = shell
    const env = { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` }
    const child = spawn(program!, [...words, script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    const rows = out.split('\n').filter(Boolean)
    return { rows: rows.map((row) => JSON.parse(row) as Row), err, code }
  }
  return { folder, ask, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

for (const platform of PLATFORMS) {
  const on = `${platform.shell.join(' ')} and ${platform.awk}`
  test(`INV-19 ${on} tell which processes run, whatever their arguments`, LINUX, async () => {
    await using here = await node(platform)
    const hostile = 'a "quoted" \\ \u0001\u001b[2J é\n{"pid":1}'
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()', hostile], {
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    await once(child, 'spawn')
    const { rows, err, code } = await here.ask('processes')
    child.stdin.end()
    assert.deepEqual([code, err], [0, ''])
    const { cpu_seconds, memory_kb, started, user, ...row } = rows.find(({ pid }) => pid === child.pid)!
    assert.deepEqual(row, {
      pid: child.pid,
      parent: process.pid,
      name: row.name,
      state: row.state,
      command: `${process.execPath} -e process.stdin.resume() ${hostile.replace('\u0001', '').replace('\n', ' ')}`,
    })
    assert.ok(Number(memory_kb) > 1000 && Number(cpu_seconds) >= 0 && user)
    const age = Date.now() - Date.parse(String(started))
    assert.ok(Math.abs(age) < 60_000, `it is ${age} ms old`)
    assert.equal(rows.filter(({ parent }) => parent === process.pid).length, 1, 'the query does not list itself')
  })

  test(`INV-19 ${on} tell who listens where`, LINUX, async () => {
    await using here = await node(platform)
    const servers = ['127.0.0.1', '::1', '::'].map((host) => createServer().listen({ port: 0, host, ipv6Only: true }))
    await Promise.all(servers.map((server) => once(server, 'listening')))
    const places = servers.map((server) => server.address() as AddressInfo)
    const { rows, err } = await here.ask('listening-ports')
    for (const server of servers) server.close()
    assert.equal(err, '')
    for (const { address, port } of places) {
      const { user, process: program, ...row } = rows.find((row) => row.port === port)!
      assert.deepEqual(row, { protocol: 'tcp', address, port, pid: process.pid })
      assert.ok(user && program)
    }
  })

  test(`INV-19 ${on} tell a file's hash, whatever its name`, LINUX, async () => {
    await using here = await node(platform)
    const file = join(here.folder, `it's "a" \\n $(id) $$ \`id\` ; & %% {x} é`)
    await writeFile(file, 'content', { mode: 0o640 })
    const { rows, err } = await here.ask('file-hash', { Path: [file] })
    assert.equal(err, '')
    const [{ modified, owner, group, ...row }] = rows as [Row]
    const sha256 = createHash('sha256').update('content').digest('hex')
    assert.deepEqual(row, { path: file, state: 'file', sha256, bytes: 7, mode: '640' })
    assert.ok(owner && group && Math.abs(Date.now() - Date.parse(String(modified))) < 60_000)
    const absent = (await here.ask('file-hash', { Path: ['/no/such/file'] })).rows[0]!
    assert.deepEqual([absent.state, absent.sha256, absent.bytes], ['absent', '', null])
    assert.equal((await here.ask('file-hash', { Path: [here.folder] })).rows[0]!.state, 'directory')
  })

  test(`INV-19 ${on} tell users, disks, memory, kernel and uptime`, LINUX, async () => {
    await using here = await node(platform)
    const users = (await readFile('/etc/passwd', 'utf8')).trim().split('\n')
    const told = (await here.ask('users')).rows.map(
      (row) => `${row.user}:x:${row.uid}:${row.gid}:${row.name}:${row.home}:${row.shell}`,
    )
    assert.deepEqual(
      told,
      users.map((line) => line.replace(/:[^:]*:/, ':x:')),
    )
    for (const { mount, size_kb, used_kb } of (await here.ask('disk-usage')).rows) {
      assert.ok(String(mount).startsWith('/') && Number(used_kb) <= Number(size_kb))
    }
    const { rows: memory } = await here.ask('memory')
    assert.ok(Number(memory[0]!.available_kb) <= Number(memory[0]!.total_kb))
    const { rows: kernel } = await here.ask('kernel')
    assert.equal(kernel[0]!.release, spawnSync('uname', ['-r'], { encoding: 'utf8' }).stdout.trim())
    const { rows: uptime } = await here.ask('uptime')
    const booted = Date.now() - Number(uptime[0]!.uptime_seconds) * 1000
    assert.ok(Math.abs(Date.parse(String(uptime[0]!.booted)) - booted) < 60_000)
    assert.ok(Number(uptime[0]!.processors) > 0)
  })
}

test('INV-19 who is logged in is read as GNU and as busybox tell it', LINUX, async () => {
  const tellers = [
    `echo 'ada      pts/0        Nov 22 02:00 (10.0.0.1)'; echo 'bob      tty1         2026-11-22 02:01'`,
    `printf 'USER\\t\\tTTY\\t\\tIDLE\\tTIME\\t\\t HOST\\nada\\t\\tpts/0\\t\\t00:01\\tNov 22 02:00:00  10.0.0.1\\n'`,
  ]
  for (const who of tellers) {
    await using here = await node(undefined, { who })
    const [{ since, ...first }, second] = (await here.ask('logged-in-users')).rows as [Row, Row | undefined]
    assert.deepEqual(first, { user: 'ada', terminal: 'pts/0', from: '10.0.0.1' })
    assert.match(String(since), /^Nov 22 02:00/)
    if (second) assert.deepEqual(second, { user: 'bob', terminal: 'tty1', since: '2026-11-22 02:01', from: '' })
  }
})

test('INV-19 services are those of systemd, OpenRC or init scripts', LINUX, async () => {
  const systemd = {
    systemctl: `case $1 in
      list-unit-files) echo 'nginx.service enabled enabled' ;;
      list-units) echo 'nginx.service loaded active running A web server' ;;
    esac`,
  }
  const openrc = { 'rc-status': "printf 'Runlevel: default\\n nginx              [  started  ]\\n'" }
  const expected = existsSync('/run/systemd/system')
    ? { service: 'nginx', state: 'active', detail: 'running', enabled: 'enabled' }
    : { service: 'nginx', state: 'started' }
  await using here = await node(undefined, { ...systemd, ...openrc })
  assert.deepEqual(await here.ask('services'), { rows: [expected], err: '', code: 0 })
})

test('INV-19 PD-01 a path is one line that refers to nothing, and file-hash needs one', LINUX, async () => {
  for (const Path of ['etc/passwd', '/a\n%%\nid', '/a\r', '/{{ Fact }}', '/a{{', '%%']) {
    assert.throws(() => scriptOf('Steward-LiveQuery', { Fact: ['file-hash'], Path: [Path] }), {
      code: 'InvalidParameters',
    })
  }
  assert.throws(() => scriptOf('Steward-LiveQuery', { Fact: ["x'; id"] }), { code: 'InvalidParameters' })
  await using here = await node()
  assert.deepEqual(await here.ask('file-hash'), {
    rows: [],
    err: 'Say of which file, in the parameter Path.\n',
    code: 1,
  })
})
