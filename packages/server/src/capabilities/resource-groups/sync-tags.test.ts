import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AddTagsToResourceCommand,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { Groups, tagQuery } from './testing/groups-client.ts'

const RoleArn = 'arn:aws:iam::000000000000:role/sync'

test('RG-11 a group of an application follows a tag until the task is cancelled; what people put in stays', async () => {
  await using server = await startServer()
  const groups = new Groups(server)
  const ssm = server.client(SSMClient)
  for (const Name of ['a', 'b', 'mine']) await ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String' }))
  const tag = (ResourceId: string) =>
    ssm.send(
      new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId, Tags: [{ Key: 'app', Value: 'shop' }] }),
    )
  const untag = (ResourceId: string) =>
    ssm.send(new RemoveTagsFromResourceCommand({ ResourceType: 'Parameter', ResourceId, TagKeys: ['app'] }))
  await groups.tagged('plain', 'app')
  const Configuration = [{ Type: 'AWS::ResourceGroups::ApplicationGroup' }]
  const { Group } = await groups.call('CreateGroup', { Name: 'shop', Configuration })
  const members = async () => {
    await server.advance(2_000)
    await server.settle()
    return (await groups.members(Group.Name)).map((arn) => arn.split('/').at(-1)).join()
  }
  const ResourceArns = ['arn:aws:ssm:us-east-1:000000000000:parameter/mine']
  await groups.call('GroupResources', { Group: Group.Name, ResourceArns })
  await tag('a')
  const started = await groups.call('StartTagSyncTask', { Group: Group.Name, TagKey: 'app', TagValue: 'shop', RoleArn })
  assert.match(started.TaskArn, new RegExp(`^${Group.GroupArn}/tag-sync-task/[a-z0-9]{26}$`))
  assert.deepEqual([started.GroupArn, started.TagKey, started.TagValue], [Group.GroupArn, 'app', 'shop'])
  assert.equal(await members(), 'a,mine')
  await tag('b')
  await tag('mine')
  await untag('a')
  assert.equal(await members(), 'b,mine')
  await untag('mine')
  assert.equal(await members(), 'b,mine')

  const { TaskArn } = started
  assert.equal((await groups.call('GetTagSyncTask', { TaskArn })).Status, 'ACTIVE')
  const listed = async (GroupName: string) =>
    (await groups.call('ListTagSyncTasks', { Filters: [{ GroupName }] })).TagSyncTasks.map((task) => task.TaskArn)
  assert.deepEqual([await listed(Group.Name), await listed('plain')], [[TaskArn], []])
  await groups.call('CancelTagSyncTask', { TaskArn })
  await untag('b')
  assert.equal(await members(), 'b,mine')
  assert.equal(await groups.refusal('GetTagSyncTask', { TaskArn }), 'NotFoundException')

  const wrong: Parameters<typeof groups.ask<'StartTagSyncTask'>>[1][] = [
    { Group: 'plain', TagKey: 'app', RoleArn },
    { Group: Group.Name, RoleArn },
    { Group: Group.Name, TagKey: 'app', ResourceQuery: tagQuery([{ Key: 'app' }]), RoleArn },
    { Group: Group.Name, TagValue: 'shop', ResourceQuery: tagQuery([{ Key: 'app' }]), RoleArn },
  ]
  for (const input of wrong) assert.equal(await groups.refusal('StartTagSyncTask', input), 'BadRequestException')
})
