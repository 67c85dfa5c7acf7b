/** The command line against a real server, as a person would type it. */
import assert from 'node:assert/strict'
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import {
  CreateActivationCommand,
  DescribeActivationsCommand,
  ListCommandInvocationsCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { eventually, type FakeAgent, startServer, type TestServer } from '@steward/testkit'
import { steward } from './main.ts'
import { type CapturedIo, capturedIo } from './testing/captured-io.ts'

const KEY = {
  STEWARD_ROOT_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
  STEWARD_ROOT_SECRET_ACCESS_KEY: 'test-secret-access-key-of-the-root-user',
}

function envOf(server: TestServer) {
  const { http, https } = server.house
  return {
    ...KEY,
    STEWARD_DATA: server.data,
    STEWARD_HTTP: `127.0.0.1:${http.port}`,
    STEWARD_HTTPS: https ? `127.0.0.1:${https.port}` : 'off',
    STEWARD_TEST_MODE: '1',
  }
}

/** Runs a command line; what stands behind `--` may have spaces. */
async function type(env: Record<string, string>, line: string, ...words: string[]) {
  const io = capturedIo(env)
  const code = await steward([...line.split(' ').filter(Boolean), ...words], io)
  return { code, out: io.out(), err: io.err() }
}

test('steward env prints exports of the local server and nothing else', async () => {
  await using server = await startServer({ https: true })
  const { code, out, err } = await type(envOf(server), 'env')
  assert.equal(code, 0)
  assert.equal(err, '')
  const lines = out.trim().split('\n')
  assert.deepEqual(
    lines.filter((line) => line.startsWith('export')),
    [
      `export AWS_ENDPOINT_URL=${server.url}`,
      'export AWS_ACCESS_KEY_ID=AKIATESTTESTTESTTEST',
      'export AWS_SECRET_ACCESS_KEY=test-secret-access-key-of-the-root-user',
      'export AWS_REGION=us-east-1',
      'export AWS_DEFAULT_REGION=us-east-1',
      `export AWS_CA_BUNDLE=${join(server.data, 'ca.pem')}`,
    ],
  )
  assert.ok(lines.includes('unset AWS_SESSION_TOKEN') && lines.includes('unset AWS_PROFILE'))
})

test('steward env unsets the endpoints of single services, which would win', async () => {
  await using server = await startServer()
  const { out } = await type({ ...envOf(server), AWS_ENDPOINT_URL_S3: 'http://localhost:4566' }, 'env')
  assert.match(out, /^unset AWS_ENDPOINT_URL_S3$/m)
  assert.doesNotMatch(out, /unset AWS_ENDPOINT_URL$/m)
})

test('steward env in a terminal says how to use it, beside the exports', async () => {
  await using server = await startServer()
  const io = capturedIo(envOf(server), { terminal: true })
  assert.equal(await steward(['env'], io), 0)
  assert.match(io.err(), /eval "\$\(npx steward env\)"/)
  assert.doesNotMatch(io.out(), /eval|AWS_CA_BUNDLE/)
})

test('without a server there are sentences that say what to do', async () => {
  const nowhere = { STEWARD_DATA: '/nonexistent/steward' }
  const noKey = await type(nowhere, 'env')
  assert.deepEqual([noKey.code, noKey.out], [255, ''])
  assert.match(noKey.err, /root-key\.json does not exist\.\nStart the server with npm start/)
  const away = await type({ ...nowhere, ...KEY, STEWARD_HTTP: '127.0.0.1:1' }, 'node list')
  assert.equal(away.code, 255)
  assert.match(away.err, /Nothing answers at http:\/\/127\.0\.0\.1:1\.\nStart the server with npm start/)
  const logs = await type({ ...KEY, ...nowhere, STEWARD_HTTP: '127.0.0.1:1' }, 'logs x')
  assert.deepEqual([logs.code, logs.err], [255, away.err], 'at once')
  const wrong = await type({ ...nowhere, STEWARD_HTTP: 'here' }, 'env')
  assert.deepEqual(
    [wrong.code, wrong.err],
    [2, "steward: STEWARD_HTTP must be HOST:PORT, such as 127.0.0.1:8470, not 'here'.\n"],
  )
})

test('a server that is asked with TLS where it has none is told in words', async () => {
  await using server = await startServer()
  const env = {
    AWS_ENDPOINT_URL: server.url.replace('http:', 'https:'),
    AWS_ACCESS_KEY_ID: 'A',
    AWS_SECRET_ACCESS_KEY: 'x',
  }
  const { code, err } = await type(env, 'node list')
  assert.equal(code, 255)
  assert.match(err, /What answers at https:\/\/127\.0\.0\.1:\d+ does not speak TLS\.\n/)
})

test('a wrong key is refused with code, sentence, request id and a way out', async () => {
  await using server = await startServer()
  const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: 'AKIAWRONG', AWS_SECRET_ACCESS_KEY: 'x' }
  const { code, err } = await type(env, 'node list')
  assert.equal(code, 255)
  assert.match(
    err,
    /DescribeInstanceInformation was refused: UnrecognizedClientException: .* \(request [0-9a-f-]{36}\)/,
  )
  assert.match(err, /eval "\$\(npx steward env\)"/)
})

test('the command line is explained, and a wrong one ends with 2', async () => {
  assert.match((await type({}, '--help')).out, /Exit codes: 0 done/)
  assert.doesNotMatch((await type({}, '--help')).out, /.{81}/, 'in a terminal of 80 columns')
  assert.match((await type({}, 'run --help')).out, /124 when it ran out of time, 130 when it was cancelled/)
  assert.match((await type({}, '--version')).out, /^\d+\.\d+\.\d+\n$/)
  for (const line of [
    '',
    'nodes',
    'run -- x',
    'run --nodes mi-1 --targets x -- y',
    'run --nodes mi-1',
    'run --timeout 5',
    'run --nodes mi-1 --execution-timeout 4 -- x',
    'logs',
    'env --format zsh',
  ]) {
    const { code, err } = await type(KEY, line)
    assert.equal(code, 2, line)
    assert.notEqual(err, '', line)
  }
})

test('node list shows the nodes in a table, or what the API answers', async () => {
  await using server = await startServer()
  const env = envOf(server)
  assert.match((await type(env, 'node list')).err, /No node is enrolled yet/)
  const [first, second] = [await server.fakeNode({ name: 'first' }), await server.fakeNode({ name: 'second' })]
  const { code, out } = await type(env, 'node list')
  assert.equal(code, 0)
  const [heading, ...rows] = out.trim().split('\n')
  assert.match(heading!, /^ID +NAME +PING +PLATFORM +AGENT +LAST PING$/)
  assert.match(rows[0]!, new RegExp(`^${first.id}  first +Online +Debian GNU/Linux 12  3\\.2\\.0\\.0  \\d+ s ago$`))
  assert.equal(rows.length, 2)
  const listed = JSON.parse((await type(env, 'node list --json')).out) as { InstanceId: string }[]
  assert.deepEqual(listed.map(({ InstanceId }) => InstanceId).sort(), [first.id, second.id].sort())
})

test('RC-21 run on one node hands out what it wrote, streamed or reported, and ends with its code', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  node.autoRun(() => ({ code: 3, stdout: 'hello\n', stderr: 'oh\n' }))
  const { code, out, err } = await type(envOf(server), `run --nodes ${node.id} --`, 'echo hello; exit 3')
  assert.deepEqual([code, out], [3, 'hello\n'])
  assert.match(err, new RegExp(`^oh\n✗ ${node.id}.*: Failed, exit code 3\n$`))
})

test('RC-21 how the one node ended stands in a line of its own, also behind output that ends within one', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  for (const stream of ['stdout', 'stderr'] as const) {
    node.autoRun(() => ({ code: 200, [stream]: 'failed to run commands: exit status 200' }))
    const { err } = await type(envOf(server), `run --nodes ${node.id} -- x`)
    assert.match(err, /^(failed to run commands: exit status 200)?\n✗ .*: Failed, exit code 200\n$/, stream)
  }
})

test('RC-21 run on one node that is away says once that it waits', async () => {
  await using server = await startServer()
  const node = await server.fakeNode({ connected: false })
  const io = capturedIo(envOf(server))
  const ended = steward(['run', '--nodes', node.id, '--', 'x'], io)
  const waits = `${node.id} is not connected; the command waits for it.\n`
  await eventually(() => assert.equal(io.err(), waits))
  await node.connect()
  node.finish(await taken(node), { stdout: 'here\n' })
  assert.equal(await ended, 0)
  assert.deepEqual([io.out(), io.err()], ['here\n', waits])
})

test('run that finds no node says so, and why, and ends with 1', async () => {
  await using server = await startServer()
  const env = envOf(server)
  const { code, err } = await type(env, 'run --targets tag:role=nobody -- x')
  assert.deepEqual([code, err], [1, '✗ No node matches the targets (NoInstancesInTag). Nothing ran.\n'])
  const json = await type(env, 'run --targets InstanceIds=mi-0123456789abcdef0 --json -- x')
  assert.match(json.err, /^✗ No node matches the targets/)
  const { exitCode, status, statusDetails, invocations } = JSON.parse(json.out)
  assert.deepEqual([exitCode, status, statusDetails, invocations], [1, 'Success', 'NoInstancesInTag', []])
})

test('RC-21 run shows the output while the command runs', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const io = capturedIo(envOf(server))
  const ended = steward(['run', '--nodes', node.id, '--', 'sleep 1000'], io)
  const job = await node.nextJob('command')
  node.ack(job)
  node.output(job, { step: 'runShellScript', stream: 'stdout', offset: 0, data: Buffer.from('half a li') })
  await seen(io, 'half a li')
  node.output(job, { step: 'runShellScript', stream: 'stdout', offset: 9, data: Buffer.from('ne\n') })
  await seen(io, 'half a line\n')
  node.finish(job, { stdout: 'half a line\n' })
  assert.equal(await ended, 0)
  assert.equal(io.out(), 'half a line\n')
})

test('run on several nodes names them in front of their lines and ends with 1 if one failed', async () => {
  await using server = await startServer()
  const nodes = await server.fakeNodes(3, { tags: { role: 'web' } })
  for (const node of nodes) node.autoRun(() => (node === nodes[0] ? { code: 2, stdout: 'no\n' } : { stdout: 'yes\n' }))
  const { code, out, err } = await type(envOf(server), 'run --targets tag:role=web --max-errors 100% -- deploy')
  assert.equal(code, 1)
  const answers = nodes.map((node, index) => `${node.id}: ${index === 0 ? 'no' : 'yes'}`)
  assert.deepEqual(out.trim().split('\n').sort(), answers.sort())
  assert.match(err, /: Failed, exit code 2\n.*✗ 2 of 3 nodes succeeded/)
})

test('RC-21 the end of a run on many nodes shows equal outputs once', async () => {
  await using server = await startServer()
  const nodes = await server.fakeNodes(6, { tags: { role: 'web' } })
  for (const node of nodes) node.autoRun(() => ({ stdout: node === nodes[0] ? 'odd\n' : 'even\n' }))
  const { code, err } = await type(envOf(server), 'run --targets tag:role=web -- version')
  assert.equal(code, 0)
  assert.match(err, /^5 nodes, Success: (mi-\w{17}(, )?){5}\neven\n\n1 node, Success: mi-\w{17}\nodd\n/)
  assert.match(err, /✓ 6 of 6 nodes succeeded/)
})

test('run --json prints one object, run --no-follow the id for logs and cancel', async () => {
  await using server = await startServer()
  const env = envOf(server)
  const node = await server.fakeNode()
  node.autoRun(() => ({ stdout: 'hi\n' }))
  const { out } = await type(env, `run --nodes ${node.id} --json -- x`)
  const { exitCode, status, statusDetails, invocations } = JSON.parse(out)
  assert.deepEqual([exitCode, status, statusDetails], [0, 'Success', 'Success'])
  assert.equal(invocations.length, 1)
  assert.deepEqual([invocations[0].nodeId, invocations[0].status, invocations[0].output], [node.id, 'Success', 'hi\n'])

  const sent = await type(env, `run --nodes ${node.id} --no-follow -- x`)
  assert.match(sent.out, /^[0-9a-f-]{36}\n$/)
  const id = sent.out.trim()
  assert.deepEqual(await type(env, `logs ${id} --follow`), { code: 0, out: 'hi\n', err: '' })
  assert.equal((await type(env, `cancel ${id}`)).code, 0)
  assert.match((await type(env, 'logs 00000000-0000-0000-0000-000000000000')).err, /There is no command/)
})

test('a cancelled run ends with 130, one that ran out of time with 124', async () => {
  await using server = await startServer()
  const env = envOf(server)
  const node = await server.fakeNode()
  const cancelled = type(env, `run --nodes ${node.id} -- x`)
  const job = await taken(node)
  assert.equal((await type(env, `cancel ${job.commandId}`)).code, 0)
  node.finish(job, { code: 137, status: 'Cancelled' })
  assert.equal((await cancelled).code, 130)

  const late = type(env, `run --nodes ${node.id} --execution-timeout 5 -- x`)
  node.finish(await taken(node), { code: 137, status: 'TimedOut' })
  assert.equal((await late).code, 124)
})

test('nodes that are named one by one or in one list are all meant, to run and to cancel', async () => {
  await using server = await startServer()
  const env = envOf(server)
  const [a, b, c, d] = (await server.fakeNodes(4)).map(({ id }) => id)
  const { out } = await type(env, `run --nodes ${a} --nodes ${b},${c} --nodes ${d} --no-follow -- x`)
  assert.equal((await type(env, `cancel ${out.trim()} --nodes ${a} --nodes ${c}`)).code, 0)
  const ssm = server.client(SSMClient)
  const { CommandInvocations = [] } = await ssm.send(new ListCommandInvocationsCommand({ CommandId: out.trim() }))
  const told = new Map(CommandInvocations.map(({ InstanceId, Status }) => [InstanceId, Status?.startsWith('Cancel')]))
  assert.deepEqual([told.get(a), told.get(b), told.get(c), told.get(d)], [true, false, true, false])
})

test('Ctrl-C leaves a command running when nobody can be asked', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const io = capturedIo(envOf(server))
  const ended = steward(['run', '--nodes', node.id, '--', 'x'], io)
  await taken(node)
  io.interrupt()
  assert.equal(await ended, 130)
  assert.match(io.err(), /The command goes on\. Its output: npx steward logs [0-9a-f-]{36} --follow/)
})

test('steward doctor finds nothing wrong with a server that is well', async () => {
  await using server = await startServer({ https: true })
  const { code, out } = await type(envOf(server), 'doctor')
  assert.doesNotMatch(out, /✗/)
  assert.equal(code, 0)
  for (const well of [
    'Server answers',
    'Server is ready',
    'Clocks agree',
    'Credentials are accepted',
    'TLS listener answers',
  ]) {
    assert.match(out, new RegExp(`^✓ ${well}`, 'm'))
  }
})

test('PS-15 steward doctor tells whether secrets elsewhere can be read', async () => {
  await using well = await startServer({ env: { STEWARD_SECRETS_URL: `file://${import.meta.dirname}` } })
  assert.match((await type(envOf(well), 'doctor')).out, /^✓ Secrets elsewhere can be read: file:\/\//m)
  await using ill = await startServer({ env: { STEWARD_SECRETS_URL: 'vault+http://token:tip-top@127.0.0.1:9/kv' } })
  const { code, out } = await type(envOf(ill), 'doctor')
  assert.equal(code, 1)
  assert.match(
    out,
    /^✗ Secrets elsewhere cannot be read from http:\/\/127\.0\.0\.1:9\/kv: .*127\.0\.0\.1:9.* — correct STEWARD_SECRETS_URL/m,
  )
  assert.doesNotMatch(out, /tip-top/)
})

test('steward doctor says what is wrong, how to mend it, and ends with 1', async () => {
  await using server = await startServer({ https: true })
  const env = envOf(server)
  writeFileSync(join(server.data, 'root-key.json'), '{}')
  chmodSync(join(server.data, 'root-key.json'), 0o644)
  const { code, out } = await type(
    { ...env, STEWARD_ROOT_ACCESS_KEY_ID: 'AKIAOTHER', STEWARD_HOSTNAMES: 'other.example' },
    'doctor',
  )
  assert.equal(code, 1)
  assert.match(out, /^✗ Open to others .*root-key\.json — chmod 600 /m)
  assert.match(out, /^✗ DescribeInstanceInformation was refused: UnrecognizedClientException.* — .*STEWARD_DATA/m)
  assert.match(out, /^✗ The certificate is not for other\.example — restart the server/m)
  assert.match(out, /^! The aws command of this shell talks to Amazon/m)
})

test('steward doctor says what would keep a first start from succeeding, also while there is no root key', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'steward-doctor-'))
  const stranger = createServer((_, response) => response.end('hello'))
  t.after(() => {
    stranger.close()
    rmSync(data, { recursive: true })
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const STEWARD_HTTP = `127.0.0.1:${(stranger.address() as AddressInfo).port}`
  const env = { STEWARD_DATA: data, STEWARD_HTTP, STEWARD_HTTPS: 'off' }
  const { code, out } = await type({ ...env, STEWARD_DATABASE_URL: 'postgres://steward@127.0.0.1:1/steward' }, 'doctor')
  assert.equal(code, 1)
  assert.match(out, /^✗ There are no credentials: .*root-key\.json does not exist/m)
  assert.match(out, /^✗ Another program listens at .* — stop it, or choose another port with STEWARD_HTTP$/m)
  assert.match(out, /^✗ PostgreSQL does not answer at 127\.0\.0\.1:1/m)

  writeFileSync(join(data, 'root-key.json'), 'nothing')
  assert.match(
    (await type(env, 'doctor')).out,
    /^✗ \S+root-key\.json has no root key in it\. — npx steward root reset/m,
  )
  const file = await type({ ...env, STEWARD_DATA: join(data, 'root-key.json') }, 'doctor')
  assert.match(file.out, /^✗ Data directory \S+ is no directory — set STEWARD_DATA to the directory of the server$/m)
})

test('steward doctor does not take a server whose key it lacks for another program', async () => {
  await using server = await startServer()
  const { STEWARD_HTTP } = envOf(server)
  const { code, out } = await type({ STEWARD_DATA: '/nonexistent', STEWARD_HTTP, STEWARD_HTTPS: 'off' }, 'doctor')
  assert.equal(code, 1)
  assert.doesNotMatch(out, /Another program/)
})

test('steward doctor names a database that is damaged while its server runs, and /readyz does too', async () => {
  const data = mkdtempSync(join(tmpdir(), 'steward-damaged-'))
  const options = { data, env: { STEWARD_TEST_MODE: '' } }
  try {
    {
      await using server = await startServer(options)
      await server.client(SSMClient).send(new CreateActivationCommand({ IamRole: 'Role' }))
    }
    damageTable(join(data, 'steward.db'), 'activation')
    await using server = await startServer(options)
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200)
    await assert.rejects(server.client(SSMClient).send(new DescribeActivationsCommand({})), {
      name: 'ServiceUnavailable',
    })
    const readiness = await fetch(`${server.url}/readyz`)
    assert.deepEqual(
      [readiness.status, await readiness.text()],
      [503, 'not ready: the database is damaged (database disk image is malformed); restore it from a backup\n'],
    )
    const { code, out } = await type(envOf(server), 'doctor')
    assert.equal(code, 1)
    assert.match(out, /^✗ Server is not ready: .*the database is damaged/m)
    assert.match(out, /^✗ Database \S+steward\.db cannot be used: .* — restore the data directory from a backup/m)
  } finally {
    rmSync(data, { recursive: true })
  }
})

/** Writes over the first page of a table, so that nobody can read it. */
function damageTable(file: string, table: string): void {
  const database = new DatabaseSync(file)
  const { page_size: size } = database.prepare('pragma page_size').get() as { page_size: number }
  const { page } = database.prepare('select rootpage as page from sqlite_master where name = ?').get(table) as {
    page: number
  }
  database.close()
  const open = openSync(file, 'r+')
  writeSync(open, Buffer.alloc(size, 0xff), 0, size, (page - 1) * size)
  closeSync(open)
}

test('steward doctor tells a server that is down from another program at its port', async (t) => {
  await using server = await startServer()
  const stranger = createServer((_, response) => response.end('hello'))
  t.after(() => stranger.close())
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const taken = `127.0.0.1:${(stranger.address() as AddressInfo).port}`
  const other = await type({ ...envOf(server), STEWARD_HTTP: taken }, 'doctor')
  assert.match(other.out, /^✗ What answers at .* is not Steward/m)
  assert.match(other.out, /^✗ Another program listens at .* — stop it, or choose another port with STEWARD_HTTP$/m)
  const down = await type({ ...envOf(server), STEWARD_HTTP: '127.0.0.1:1', STEWARD_HTTPS: taken }, 'doctor --json')
  const findings = JSON.parse(down.out) as { state: string; says: string }[]
  assert.equal(down.code, 1)
  assert.ok(findings.some(({ state, says }) => state === 'wrong' && says === 'No server at http://127.0.0.1:1'))
})

/** The next command of a node, acknowledged. */
async function taken(node: FakeAgent) {
  const job = await node.nextJob('command')
  node.ack(job)
  return job
}

async function seen(io: CapturedIo, text: string): Promise<void> {
  while (io.out() !== text) await new Promise((resolve) => setTimeout(resolve, 10))
}
