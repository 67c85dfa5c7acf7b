import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AddTagsToResourceCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { PreviewTargetsResult } from '@steward/model/generated/steward.ts'
import { DATABASES, eventually, startServer } from '@steward/testkit'
import { RunCommand } from '#capabilities/commands/testing/run-command.ts'
import { jsonCall } from '#door/testing/raw-call.ts'
import { aUser } from '#iam/testing/a-user.ts'
import { Groups, tagQuery } from './testing/groups-client.ts'

const named = (...Values: string[]) => [{ Key: 'resource-groups:Name', Values }]

for (const database of DATABASES) {
  test(`T-06 RG-13 a command goes to the nodes that are in a group when it is sent, and to no others later (${database})`, async () => {
    await using server = await startServer({ database })
    const groups = new Groups(server)
    const run = new RunCommand(server)
    const [web, db] = [
      await server.fakeNode({ tags: { role: 'web' } }),
      await server.fakeNode({ tags: { role: 'db' } }),
    ]
    const arn = await groups.tagged('web', 'role', 'web')
    const reached = async (Targets: { Key: string; Values: string[] }[]) => {
      const { CommandId, Status, TargetCount } = await run.send({ Targets })
      assert.deepEqual([Status, TargetCount], ['Pending', 0])
      await server.settle()
      return (await run.invocations(CommandId)).map(({ InstanceId }) => InstanceId).sort()
    }
    assert.deepEqual(await reached(named('web')), [web.id])
    assert.deepEqual(await reached(named(arn)), [web.id])
    const types = (...Values: string[]) => [...named('web'), { Key: 'resource-groups:ResourceTypeFilters', Values }]
    assert.deepEqual(await reached(types('AWS::SSM::ManagedInstance', 'AWS::S3::Bucket')), [web.id])
    assert.deepEqual(await reached(types('AWS::EC2::Instance')), [])

    const role = [{ Key: 'role', Value: 'web' }]
    await server
      .client(SSMClient)
      .send(new AddTagsToResourceCommand({ ResourceType: 'ManagedInstance', ResourceId: db.id, Tags: role }))
    assert.deepEqual(await reached(named('web')), [web.id, db.id].sort())
    await groups.call('UpdateGroupQuery', {
      Group: 'web',
      ResourceQuery: tagQuery([{ Key: 'role' }], ['AWS::SSM::Document']),
    })
    assert.deepEqual(await reached(named('web')), [])

    await groups.call('CreateGroup', { Name: 'mine' })
    const ResourceArns = [`arn:aws:ssm:us-east-1:000000000000:managed-instance/${db.id}`]
    await groups.call('GroupResources', { Group: 'mine', ResourceArns })
    assert.deepEqual(await reached(named('mine')), [db.id])
  })
}

test('T-04 a group that is missing or empty is no fault: the command succeeds on no node', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  await new Groups(server).tagged('empty', 'role', 'web')
  for (const name of ['empty', 'missing']) {
    const { CommandId } = await run.send({ Targets: named(name) })
    const { TargetCount } = await run.untilCommand(CommandId, 'Success/NoInstancesInTag')
    assert.equal(TargetCount, 0)
  }
})

test('T-04 who may not look into a group gets a command that has failed', async () => {
  await using server = await startServer()
  await server.fakeNode({ tags: { role: 'web' } })
  const arn = await new Groups(server).tagged('web', 'role', 'web')
  const sending = { Effect: 'Allow', Action: 'ssm:SendCommand', Resource: '*' }
  const looking = { Effect: 'Allow', Action: 'resource-groups:ListGroupResources', Resource: arn }
  const may = async (name: string, statements: object[]) => {
    const credentials = await aUser(server, name, { statements })
    return new RunCommand(server, undefined, credentials).send({ Targets: named('web') })
  }
  const run = new RunCommand(server)
  const refused = await may('ann', [sending])
  assert.deepEqual([refused.Status, refused.StatusDetails], ['Failed', 'AccessDenied'])
  await server.settle()
  const { TargetCount, Status } = await run.command(refused.CommandId)
  assert.deepEqual([TargetCount, Status], [0, 'Failed'])
  const { CommandId } = await may('bob', [sending, looking])
  await eventually(async () => assert.equal((await run.command(CommandId)).TargetCount, 1))
})

test('T-06 X-26 a preview shows the nodes of a group to those who may look into it', async () => {
  await using server = await startServer()
  const web = await server.fakeNode({ tags: { role: 'web' } })
  await server.fakeNode({ tags: { role: 'db' } })
  await new Groups(server).tagged('web', 'role', 'web')
  const preview = (more = {}) =>
    jsonCall(server, 'Steward.PreviewTargets', { Targets: named('web') }, { service: 'steward', ...more })
  const { Nodes } = (await preview()).json as unknown as PreviewTargetsResult
  assert.deepEqual(
    Nodes?.map(({ InstanceId }) => InstanceId),
    [web.id],
  )
  const statements = [{ Effect: 'Allow', Action: 'ssm:DescribeInstanceInformation', Resource: '*' }]
  const { json } = await preview({ credentials: await aUser(server, 'ann', { statements }) })
  assert.match(String(json.message ?? json.Message), /resource-groups:ListGroupResources/)
})
