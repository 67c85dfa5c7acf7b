/** Ports of nodes: HTTP in parallel, large downloads, hosts behind the node, SSH. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DescribeSessionsCommand } from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'
import { pluginWords, run, STEWARD, start, steward as typed, writes } from './clients.ts'
import { type Agent, Installation } from './installation.ts'
import { get, Origin, sumOfLarge } from './origin.ts'
import { SshServer } from './ssh-server.ts'

test('E2E-07 a port of a node carries 200 connections at a time, and 1 GiB without a wrong bit', async () => {
  await using steward = await Installation.start()
  await using origin = await Origin.listen()
  const [agent] = (await steward.startAgents(1)) as [Agent]
  const forward = start(steward, process.execPath, [STEWARD, 'forward', agent.id, `:${origin.port}`])
  const [, port] = await writes(forward, /localhost:(\d+)/)
  const url = `http://127.0.0.1:${port}`

  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => get(`${url}/page/${i}?together=200`)))
  assert.deepEqual(
    answers.map(({ start }) => start),
    Array.from({ length: 200 }, (_, i) => `You asked for /page/${i}.`),
  )
  assert.equal(origin.mostAtOnce, 200)

  const { bytes, sum } = await get(`${url}/large?mebibytes=1024`)
  assert.deepEqual([bytes, sum], [1 << 30, sumOfLarge(1024)])

  forward.kill('SIGINT')
  assert.deepEqual(await once(forward, 'close'), [0, null])
  await noSessionIsLeft(steward)
})

test('E2E-07 the plugin forwards a port of a host that the node reaches', async () => {
  await using steward = await Installation.start()
  await using origin = await Origin.listen('127.0.0.2')
  const [agent] = (await steward.startAgents(1)) as [Agent]
  const Parameters = { host: ['127.0.0.2'], portNumber: [String(origin.port)], localPortNumber: ['0'] }
  const DocumentName = 'AWS-StartPortForwardingSessionToRemoteHost'
  const words = await pluginWords(steward, { Target: agent.id, DocumentName, Parameters })
  const plugin = start(steward, process.execPath, words)
  const [, port] = await writes(plugin, /Port (\d+) opened for sessionId \S+\.\nWaiting for connections\.\.\.\n/)
  const { start: text } = await get(`http://127.0.0.1:${port}/remote`)
  assert.equal(text, 'You asked for /remote.')
  const { sum } = await get(`http://127.0.0.1:${port}/large?mebibytes=32`)
  assert.equal(sum, sumOfLarge(32))
  plugin.kill('SIGINT')
  assert.deepEqual(await once(plugin, 'close'), [0, null])
  await noSessionIsLeft(steward)
})

test('SM-14 no port leads to what lends credentials to the machine', async () => {
  await using steward = await Installation.start()
  const [agent] = (await steward.startAgents(1)) as [Agent]
  const { code, err } = await typed(steward, ['forward', agent.id, ':169.254.169.254:80'])
  assert.equal(code, 255)
  assert.match(err, /169\.254\.169\.254/)
})

const noSsh = !SshServer.isInstalled && 'there is no sshd'
test('E2E-07 ssh and scp of 100 MB reach a node, with the plugin and without', { skip: noSsh }, async () => {
  await using steward = await Installation.start()
  await using sshd = await SshServer.start(join(steward.folder, 'sshd'))
  const [agent] = (await steward.startAgents(1)) as [Agent]
  const content = randomBytes(100_000_000)
  const [source, target] = [join(steward.folder, 'source'), join(steward.folder, 'target')]
  writeFileSync(source, content)
  const proxy = ['-o', `ProxyCommand=${process.execPath} ${STEWARD} ssh-proxy %h %p`]
  const options = [...sshd.clientOptions, ...proxy]

  const hello = await run(steward, 'ssh', [...options, '-p', String(sshd.port), agent.id, 'echo hello; exit 3'])
  assert.deepEqual([hello.code, hello.out.toString(), hello.err], [3, 'hello\n', ''])

  const copied = await run(steward, 'scp', [...options, '-q', '-P', String(sshd.port), source, `${agent.id}:${target}`])
  assert.deepEqual([copied.code, copied.err], [0, ''])
  assert.equal(sumOf(readFileSync(target)), sumOf(content))

  const words = await pluginWords(steward, {
    Target: agent.id,
    DocumentName: 'AWS-StartSSHSession',
    Parameters: { portNumber: [String(sshd.port)] },
  })
  const plugin = ['-o', `ProxyCommand=${[process.execPath, ...words].map((word) => `'${word}'`).join(' ')}`]
  const counted = await run(steward, 'ssh', [...sshd.clientOptions, ...plugin, agent.id, 'sha256sum'], content)
  assert.deepEqual([counted.code, counted.out.toString()], [0, `${sumOf(content)}  -\n`])
  await noSessionIsLeft(steward)
})

function sumOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function noSessionIsLeft({ ssm }: Installation): Promise<void> {
  await eventually(async () => {
    const { Sessions } = await ssm.send(new DescribeSessionsCommand({ State: 'Active' }))
    return Sessions!.length === 0
  })
}
