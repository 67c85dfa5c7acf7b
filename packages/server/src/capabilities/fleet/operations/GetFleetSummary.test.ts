import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateActivationCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { GetFleetSummaryResult } from '@steward/model/generated/steward.ts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { jsonCall, type RawCall } from '#door/testing/raw-call.ts'
import { aUser } from '#iam/testing/a-user.ts'
import { RunCommand } from '../../commands/testing/run-command.ts'

async function summary(server: TestServer, more: RawCall = {}): Promise<GetFleetSummaryResult> {
  const answer = await jsonCall(server, 'Steward.GetFleetSummary', {}, { service: 'steward', ...more })
  assert.equal(answer.status, 200, answer.text)
  return answer.json as unknown as GetFleetSummaryResult
}

for (const database of DATABASES) {
  test(`CON-06 the summary counts nodes, agents, commands, sessions and activations (${database})`, async () => {
    await using server = await startServer({ database })
    const empty = await summary(server)
    assert.deepEqual([empty.Nodes?.Total, empty.Commands?.Total, empty.Sessions?.Active, empty.Withheld], [0, 0, 0, []])
    assert.equal(empty.Commands?.Hours?.length, 24)
    assert.equal(empty.Activations?.AwaitingApproval, 0)

    await FakeNode.enrol(server)
    await FakeNode.enrol(server, {}, { AgentVersion: '3.1.0.0' })
    const [agent] = await server.fakeNodes(1)
    const run = new RunCommand(server)
    await run.send({ InstanceIds: [agent!.id] })
    await server.client(SSMClient).send(new CreateActivationCommand({ IamRole: 'ServiceRole', RegistrationLimit: 5 }))
    const asked = { IamRole: 'ServiceRole', NeedsApproval: true }
    const { json } = await jsonCall(server, 'Steward.CreateEnrolmentKey', asked, { service: 'steward' })
    const key = { id: String(json.ActivationId), code: String(json.ActivationCode) }
    for (const ComputerName of ['a', 'b', 'c']) await new FakeNode(server).register(key, { ComputerName })
    const [request] = (await jsonCall(server, 'Steward.ListEnrolmentRequests', {}, { service: 'steward' })).json
      .EnrolmentRequests as { RequestId: string }[]
    const decision = { RequestId: request!.RequestId, Decision: 'Refuse' }
    await jsonCall(server, 'Steward.DecideEnrolmentRequest', decision, { service: 'steward' })
    const { Nodes, Commands, Activations } = await summary(server)
    assert.equal(Activations?.AwaitingApproval, 2)
    assert.deepEqual([Nodes?.Total, Nodes?.Online, Nodes?.NeverReported], [3, 3, 0])
    assert.equal(Nodes?.AgentsOutdated, 1)
    assert.equal(Commands?.Total, 1)
    assert.equal(Commands?.Hours?.at(-1)?.Open, 1)
    assert.equal(Commands?.Recent?.[0]?.DocumentName, 'AWS-RunShellScript')
    assert.ok(Activations?.ExpiringSoon?.some(({ RegistrationLimit }) => RegistrationLimit === 5))
  })
}

test('AGT-14 an agent of ours is outdated if the server has a newer one, although no node runs that', async () => {
  await using server = await startServer()
  for (const AgentVersion of ['0.0.1', '0.0.1', '99.0.0'])
    await FakeNode.enrol(server, {}, { AgentName: 'steward-agent', AgentVersion })
  const { Nodes } = await summary(server)
  assert.equal(Nodes?.AgentsOutdated, 2)
  assert.deepEqual(
    Nodes?.Agents?.map(({ AgentVersion, IsLatestVersion }) => [AgentVersion, IsLatestVersion]),
    [
      ['99.0.0', true],
      ['0.0.1', false],
    ],
  )
})

test('X-12 each part of the summary takes the permission to list the same', async () => {
  await using server = await startServer()
  const statements = [{ Effect: 'Allow', Action: 'ssm:ListCommands', Resource: '*' }]
  const credentials = await aUser(server, 'ann', { statements })
  const { Nodes, Commands, Withheld } = await summary(server, { credentials })
  assert.equal(Nodes, undefined)
  assert.equal(Commands?.Total, 0)
  assert.deepEqual(
    Withheld?.map(({ Part }) => Part),
    ['Nodes', 'Sessions', 'Activations'],
  )
  assert.match(String(Withheld?.[0]?.Reason), /user\/ann is not authorized to perform: ssm:DescribeInstanceInformation/)
})
