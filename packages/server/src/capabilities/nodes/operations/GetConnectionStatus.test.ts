import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import {
  DeregisterManagedInstanceCommand,
  DescribeInstanceInformationCommand,
  GetConnectionStatusCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { startServer, type TestServer } from '@steward/testkit'
import { FakeNode } from '../testing/fake-node.ts'

const statusOf = async (server: TestServer, Target: string) => {
  const answer = await server.client(SSMClient).send(new GetConnectionStatusCommand({ Target }))
  assert.equal(answer.Target, Target)
  return answer.Status
}

/** Presence is recorded right after it changed, not in the same instant. */
async function until(server: TestServer, node: FakeNode, status: string): Promise<void> {
  while ((await statusOf(server, node.id)) !== status) await server.settle()
}

test('AGT-07 connected means an open control channel, whatever PingStatus says', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  assert.equal(await statusOf(server, node.id), 'notconnected')
  const socket = await node.connect()
  await until(server, node, 'connected')

  socket.terminate()
  await until(server, node, 'notconnected')
  const pingStatus = async () => {
    const { InstanceInformationList } = await server.client(SSMClient).send(new DescribeInstanceInformationCommand({}))
    return InstanceInformationList![0]!.PingStatus
  }
  assert.equal(await pingStatus(), 'Online', 'it may come back at once')
  await server.advance(6000)
  assert.equal(await pingStatus(), 'ConnectionLost')
})

test('AGT-07 an unknown node, a node of another Region and no node at all are notconnected', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  const socket = await node.connect()
  await until(server, node, 'connected')
  for (const target of ['mi-00000000000000000', 'i-12345678', 'what']) {
    assert.equal(await statusOf(server, target), 'notconnected')
  }
  const elsewhere = server.client(SSMClient, { region: 'eu-west-1' })
  const { Status } = await elsewhere.send(new GetConnectionStatusCommand({ Target: node.id }))
  assert.equal(Status, 'notconnected')
  socket.terminate()
})

test('HYB-08 deregistering a node closes its control channel', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  const socket = await node.connect()
  await until(server, node, 'connected')
  const closed = once(socket, 'close')
  await server.client(SSMClient).send(new DeregisterManagedInstanceCommand({ InstanceId: node.id }))
  await closed
  assert.equal(await statusOf(server, node.id), 'notconnected')
})
