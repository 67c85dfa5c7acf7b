import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inShell } from '@steward/session-client/node-script.ts'
import { awsCredentials } from './aws-profile.ts'
import { EscapeFilter } from './escape-filter.ts'
import { findNode } from './find-node.ts'
import { parseForward } from './forward-spec.ts'
import { sshConfig } from './ssh-config.ts'

const nodes = [
  { InstanceId: 'mi-0aaaaaaaaaaaaaaa1', Name: 'web-1', ComputerName: 'debian', PingStatus: 'Online' as const },
  { InstanceId: 'mi-0aaaaaaaaaaaaaaa2', Name: 'web-2', ComputerName: 'web-1', PingStatus: 'Online' as const },
  { InstanceId: 'mi-0aaaaaaaaaaaaaaa3', ComputerName: 'debian', PingStatus: 'Online' as const },
  { InstanceId: 'mi-0aaaaaaaaaaaaaaa4', Name: 'old', PingStatus: 'ConnectionLost' as const },
  { InstanceId: 'mi-0aaaaaaaaaaaaaaa5', Name: 'old', PingStatus: 'Online' as const },
]

/** Answers lists of these nodes, and says what was asked. */
function api(list: typeof nodes) {
  const asked: unknown[] = []
  const ssm = async (_operation: string, input: { Filters?: unknown }) => {
    asked.push(input.Filters)
    return { InstanceInformationList: list }
  }
  return { asked, ssm: ssm as unknown as Parameters<typeof findNode>[0]['ssm'] }
}

test('a node is meant by its id, its name, or a tag of it', async () => {
  const fleet = api(nodes)
  assert.equal(await findNode(fleet, 'mi-0123456789abcdef0'), 'mi-0123456789abcdef0')
  assert.deepEqual(fleet.asked, [])
  assert.equal(
    await findNode(fleet, 'WEB-1.steward'),
    'mi-0aaaaaaaaaaaaaaa1',
    'a given name before what another calls itself',
  )
  assert.equal(await findNode(fleet, 'old'), 'mi-0aaaaaaaaaaaaaaa5', 'the one that is connected')
  await assert.rejects(
    findNode(fleet, 'debian'),
    /Several nodes are called debian: mi-0aaaaaaaaaaaaaaa1, mi-0aaaaaaaaaaaaaaa3/,
  )
  await assert.rejects(findNode(fleet, 'nobody'), /There is no node nobody/)
})

test('of the nodes with a tag one that is connected is taken', async () => {
  const tagged = api(nodes.slice(3))
  assert.equal(await findNode(tagged, 'tag:role=web'), 'mi-0aaaaaaaaaaaaaaa5')
  assert.equal(await findNode(tagged, 'role=web.steward'), 'mi-0aaaaaaaaaaaaaaa5')
  const filters = [{ Key: 'tag:role', Values: ['web'] }]
  assert.deepEqual(tagged.asked, [filters, filters])
  await assert.rejects(
    findNode(api(nodes.slice(3, 4)), 'role=web'),
    /None of the 1 nodes with the tag role=web is connected/,
  )
  await assert.rejects(findNode(api([]), 'tag:role=web'), /No node has the tag/)
})

test('SM-14 a forwarding names the local end, and what is behind it', () => {
  const localhost = (port: number) => ({ address: 'localhost', port })
  assert.deepEqual(parseForward('8080:80'), { local: localhost(8080), host: undefined, port: 80 })
  assert.deepEqual(parseForward('80'), { local: localhost(80), host: undefined, port: 80 })
  assert.deepEqual(parseForward(':80'), { local: localhost(0), host: undefined, port: 80 })
  assert.deepEqual(parseForward('8080:localhost:80'), { local: localhost(8080), host: undefined, port: 80 })
  assert.deepEqual(parseForward('5432:db.internal:5432'), { local: localhost(5432), host: 'db.internal', port: 5432 })
  assert.deepEqual(parseForward(':[2001:db8::1]:80'), { local: localhost(0), host: '2001:db8::1', port: 80 })
  const everywhere = { local: { address: '::', port: 1 }, host: 'db', port: 2 }
  assert.deepEqual(parseForward('[::]:1:db:2'), everywhere)
  assert.deepEqual(parseForward('/run/x.sock:2375'), { local: { socket: '/run/x.sock' }, host: undefined, port: 2375 })
  for (const wrong of ['', 'x', '80:', '1:2:3:4:5', '8080::80', '70000:80', '8080:0', '[::1:80', '80 :80']) {
    assert.throws(() => parseForward(wrong), { name: 'UsageFault' }, wrong)
  }
})

test('SM-15 ssh finds nodes by id, by name and below .steward', (t) => {
  const text = sshConfig(nodes, ['/opt/my node/node', '/opt/100%/steward', 'ssh-proxy'], 'admin')
  const file = join(mkdtempSync(join(tmpdir(), 'steward-ssh-')), 'config')
  t.after(() => rmSync(join(file, '..'), { recursive: true }))
  writeFileSync(file, text)
  assert.match(
    text,
    /^Host web-1 web-1\.steward\n {2}HostName mi-0aaaaaaaaaaaaaaa1\n {2}HostKeyAlias mi-0aaaaaaaaaaaaaaa1$/m,
  )
  assert.doesNotMatch(text, /debian|Host old/, 'neither names that machines chose nor names of several')
  const resolved = (host: string) => execFileSync('ssh', ['-G', '-F', file, host], { encoding: 'utf8', stdio: 'pipe' })
  for (const host of ['web-1', 'web-1.steward', 'mi-0aaaaaaaaaaaaaaa1', 'role=web.steward']) {
    const all = resolved(host)
    assert.match(all, /^user admin$/m, host)
    assert.match(all, /^proxycommand '\/opt\/my node\/node' '?\/opt\/100%%\/steward'? ssh-proxy %h %p$/m, host)
  }
  assert.match(resolved('web-1'), /^hostname mi-0aaaaaaaaaaaaaaa1$/m)
  assert.doesNotMatch(resolved('example.com'), /proxycommand/)
})

test('SM-16 what is typed after -- reaches the shell of the node as it is', () => {
  const line = `echo "it's $((1+1))" | tr a-z A-Z`
  assert.equal(execFileSync('sh', ['-c', `exec ${inShell(line)}`], { encoding: 'utf8' }), "IT'S 2\n")
})

test('~. at the start of a line leaves, ~~ is one tilde, and all else goes on', () => {
  const filter = new EscapeFilter()
  const type = (text: string) => {
    const { forward, leave } = filter.take(Buffer.from(text))
    return [Buffer.from(forward).toString(), leave]
  }
  assert.deepEqual(type('ls ~.'), ['ls ~.', false])
  assert.deepEqual(type('\r~'), ['\r', false])
  assert.deepEqual(type('/x'), ['~/x', false])
  assert.deepEqual(type('\r~~.'), ['\r~.', false])
  assert.deepEqual(type('\r~'), ['\r', false])
  assert.deepEqual(type('.more'), ['', true])
})

test('SM-09 credentials to resume with are those of the AWS CLI', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-aws-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const env = {
    PATH: '/nowhere',
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_CONFIG_FILE: join(folder, 'config'),
  }
  writeFileSync(
    env.AWS_SHARED_CREDENTIALS_FILE,
    '# x\n[default]\naws_access_key_id = AKIAD\naws_secret_access_key=d=1\n',
  )
  const config =
    '[profile ops]\naws_access_key_id=AKIAO\naws_secret_access_key=o\naws_session_token = t\n[profile r]\nrole_arn=x\n'
  writeFileSync(env.AWS_CONFIG_FILE, config)
  assert.deepEqual(await awsCredentials(env, ''), {
    accessKeyId: 'AKIAD',
    secretAccessKey: 'd=1',
    sessionToken: undefined,
  })
  assert.deepEqual(await awsCredentials({ ...env, AWS_PROFILE: 'ops' }, ''), {
    accessKeyId: 'AKIAO',
    secretAccessKey: 'o',
    sessionToken: 't',
  })
  const inEnv = { ...env, AWS_ACCESS_KEY_ID: 'AKIAE', AWS_SECRET_ACCESS_KEY: 'e' }
  assert.equal((await awsCredentials(inEnv, '')).accessKeyId, 'AKIAE')
  assert.equal((await awsCredentials(inEnv, 'ops')).accessKeyId, 'AKIAO')
  await assert.rejects(awsCredentials(env, 'r'), /There are no credentials of the profile r/)
})
