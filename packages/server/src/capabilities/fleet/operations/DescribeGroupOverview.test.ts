import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { DescribeGroupOverviewResult } from '@steward/model/generated/steward.ts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { RunCommand } from '#capabilities/commands/testing/run-command.ts'
import { ComplianceClient } from '#capabilities/compliance/testing/compliance-client.ts'
import { Groups } from '#capabilities/resource-groups/testing/groups-client.ts'
import { jsonCall, type RawCall } from '#door/testing/raw-call.ts'
import { aUser } from '#iam/testing/a-user.ts'

async function overview(server: TestServer, Group: string, more: RawCall = {}) {
  const answer = await jsonCall(server, 'Steward.DescribeGroupOverview', { Group }, { service: 'steward', ...more })
  assert.equal(answer.status, 200, answer.text)
  return answer.json as unknown as Required<DescribeGroupOverviewResult>
}

for (const database of DATABASES) {
  test(`RG-14 one look shows a group: its resources, nodes, compliance and latest commands (${database})`, async () => {
    await using server = await startServer({ database })
    const groups = new Groups(server)
    const web = await server.fakeNode({ tags: { role: 'web' } })
    await server.fakeNode({ tags: { role: 'web' } })
    const db = await server.fakeNode({ tags: { role: 'db' } })
    const Tags = [{ Key: 'role', Value: 'web' }]
    await server.client(SSMClient).send(new PutParameterCommand({ Name: 'p', Value: 'v', Type: 'String', Tags }))
    const arn = await groups.tagged('web', 'role', 'web')
    await groups.call('Tag', { Arn: arn, Tags: { team: 'a' } })
    const run = new RunCommand(server)
    const Targets = [{ Key: 'resource-groups:Name', Values: ['web'] }]
    const { CommandId } = await run.send({ Targets })
    await run.send({ InstanceIds: [db.id] })
    await server.settle()
    await new ComplianceClient(server).put(web.id)

    const seen = await overview(server, 'web')
    assert.deepEqual(await overview(server, arn).then(({ Group }) => Group), seen.Group)
    assert.partialDeepStrictEqual(seen.Group, { GroupArn: arn, Name: 'web', QueryType: 'TAG_FILTERS_1_0' })
    assert.deepEqual(seen.Group.Tags, [{ Key: 'team', Value: 'a' }])
    assert.deepEqual(seen.ResourceTypes, [
      { Value: 'AWS::SSM::ManagedInstance', Count: 2 },
      { Value: 'AWS::SSM::Parameter', Count: 1 },
    ])
    assert.deepEqual([seen.ResourceCount, seen.Nodes.Total, seen.Nodes.Online], [3, 2, 2])
    assert.partialDeepStrictEqual(seen.Compliance.Nodes, { Total: 2, NonCompliant: 1, Unreported: 1 })
    assert.deepEqual(
      seen.Compliance.Types.map(({ ComplianceType }) => ComplianceType),
      ['Custom:Disk'],
    )
    assert.deepEqual(
      seen.Commands.map((command) => command.CommandId),
      [CommandId],
    )
    assert.deepEqual([seen.Inventory, seen.Associations, seen.Withheld], [[], [], []])
  })
}

test('RG-14 X-12 a group is shown to those who may look into it, its parts to those who may list them', async () => {
  await using server = await startServer()
  const arn = await new Groups(server).tagged('web', 'role', 'web')
  const allow = (Action: string, Resource = '*') => ({ Effect: 'Allow', Action, Resource })
  const looking = allow('resource-groups:ListGroupResources', arn)
  const credentials = await aUser(server, 'ann', { statements: [looking, allow('ssm:ListCommands')] })
  const seen = await overview(server, 'web', { credentials })
  assert.deepEqual(seen.Commands, [])
  assert.deepEqual(
    seen.Withheld.map(({ Part }) => Part),
    ['Nodes', 'Compliance', 'Inventory', 'Associations'],
  )
  const ask = (Group: string) =>
    jsonCall(server, 'Steward.DescribeGroupOverview', { Group }, { service: 'steward', credentials })
  assert.match((await ask('db')).text, /AccessDenied/)
  const missing = await jsonCall(server, 'Steward.DescribeGroupOverview', { Group: 'no' }, { service: 'steward' })
  assert.equal(missing.json.__type, 'NotFoundException')
})
