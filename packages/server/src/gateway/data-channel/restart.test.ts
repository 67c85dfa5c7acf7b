import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  DescribeSessionsCommand,
  ResumeSessionCommand,
  SSMClient,
  StartSessionCommand,
  TerminateSessionCommand,
} from '@aws-sdk/client-ssm'
import type { TestServer } from '@steward/testkit'
import { WebSocket } from 'ws'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { rawCall } from '#door/testing/raw-call.ts'
import { toConfig } from '#kernel/config.ts'
import { silentLogger } from '#kernel/logger.ts'
import { startHouse } from '../../house.ts'
import { LabSide } from '../testing/data-channel-lab.ts'
import { credentialsOf } from '../testing/node-calls.ts'

/** A server whose state is in a directory, as far as nodes and tests need it. */
async function serverOn(data: string, port = 0) {
  const env = {
    STEWARD_DATA: data,
    STEWARD_HTTP: `127.0.0.1:${port}`,
    STEWARD_HTTPS: 'off',
    STEWARD_ROOT_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
    STEWARD_ROOT_SECRET_ACCESS_KEY: 'test-secret-access-key-of-the-root-user',
  }
  const house = await startHouse(toConfig(env, data), silentLogger)
  const url = `http://127.0.0.1:${house.http.port}`
  const ssm = new SSMClient({ endpoint: url, region: house.config.region, credentials: house.rootKey })
  const stop = () => {
    ssm.destroy()
    return house.stop()
  }
  return { house, url, ssm, client: () => ssm, stop }
}

async function openSide(url: string, token: string): Promise<LabSide> {
  const side = new LabSide(new WebSocket(url))
  await once(side.socket, 'open')
  side.open(token)
  return side
}

function createDataChannel(node: FakeNode, sessionId: string) {
  return rawCall(node.server, {
    target: `/v1/data-channel/${sessionId}`,
    headers: { 'content-type': 'application/json' },
    body: '{}',
    service: 'ssmmessages',
    credentials: credentialsOf(node),
  })
}

async function agentSide(node: FakeNode, sessionId: string): Promise<LabSide> {
  const { text } = await createDataChannel(node, sessionId)
  const token = /<TokenValue>([^<]+)/.exec(text)![1]!
  return openSide(`${node.server.url.replace('http', 'ws')}/v1/data-channel/${sessionId}`, token)
}

test('SM-09 a session goes on with the next server, which knows what the client has', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'steward-restart-'))
  t.after(() => rmSync(data, { recursive: true, force: true }))
  const first = await serverOn(data)
  const node = await FakeNode.enrol(first as unknown as TestServer)
  const control = await node.connect()
  while (!first.house.isConnected(node.id)) await new Promise((resolve) => setImmediate(resolve))
  await first.house.settle()
  const { SessionId, StreamUrl, TokenValue } = await first.ssm.send(new StartSessionCommand({ Target: node.id }))
  const before = [await openSide(StreamUrl!, TokenValue!), await agentSide(node, SessionId!)] as const
  before[1].output(0, 'before')
  await before[0].messages('output_stream_data')
  before[0].acknowledge(0)
  await before[1].messages('acknowledge')
  control.terminate()
  await first.stop()

  const second = await serverOn(data, first.house.http.port)
  const { TokenValue: again } = await second.ssm.send(new ResumeSessionCommand({ SessionId: SessionId! }))
  const client = await openSide(StreamUrl!, again!)
  const agent = await agentSide(node, SessionId!)
  agent.output(0, 'before')
  agent.output(1, 'after')
  await agent.messages('acknowledge')
  await client.messages('output_stream_data')
  assert.deepEqual(client.texts('output_stream_data'), ['1 after'])
  await second.house.settle()
  const { Sessions } = await second.ssm.send(new DescribeSessionsCommand({ State: 'Active' }))
  assert.deepEqual(
    Sessions!.map(({ SessionId: id, Status }) => [id, Status]),
    [[SessionId, 'Connected']],
  )

  client.acknowledge(1)
  await second.ssm.send(new TerminateSessionCommand({ SessionId: SessionId! }))
  await client.messages('channel_closed')
  await agent.messages('channel_closed')
  const refused = await createDataChannel(node, SessionId!)
  assert.equal(refused.status, 403)
  assert.match(refused.text, /Session is already terminated/)
  await second.stop()
})
