import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { ALLOW_LOOPBACK, startReceiver } from '#capabilities/events/testing/receiver.ts'
import { webhookRule } from '#capabilities/events/testing/webhook-rule.ts'
import { Groups } from './testing/groups-client.ts'

for (const database of DATABASES) {
  test(`RG-10 an account that wants it is told of its groups, and of what comes into them and leaves (${database})`, async () => {
    await using receiver = await startReceiver()
    await using server = await startServer({ env: ALLOW_LOOPBACK, database })
    const groups = new Groups(server)
    const ssm = server.client(SSMClient)
    await webhookRule(server.client(EventBridgeClient), 'all', receiver.url, {
      source: ['aws.resource-groups'],
      'detail-type': [{ prefix: 'ResourceGroups' }],
    })
    const told = async () => {
      // One step for what is found by a task, one for what is delivered by another.
      for (const _ of ['found', 'delivered']) await server.advance(2_000).then(() => server.settle())
      return receiver.received.splice(0).map(({ body }) => JSON.parse(body))
    }
    const put = (Name: string) =>
      ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String', Tags: [{ Key: 'role', Value: 'web' }] }))
    await groups.tagged('before', 'role', 'web')
    await put('a')
    assert.deepEqual(await told(), [])
    assert.equal((await groups.call('GetAccountSettings', {})).AccountSettings.GroupLifecycleEventsStatus, 'INACTIVE')
    const active = { GroupLifecycleEventsDesiredStatus: 'ACTIVE' as const }
    assert.deepEqual((await groups.call('UpdateAccountSettings', active)).AccountSettings, {
      ...active,
      GroupLifecycleEventsStatus: 'ACTIVE',
    })
    assert.deepEqual(await told(), [], 'what was there before is no news')

    const arn = await groups.tagged('web', 'role', 'web')
    await groups.call('UpdateGroup', { Group: 'web', Description: 'New' })
    const changes = await told()
    assert.partialDeepStrictEqual(changes[0], {
      source: 'aws.resource-groups',
      'detail-type': 'ResourceGroups Group State Change',
      resources: [arn],
      detail: { 'state-change': 'create', group: { arn, name: 'web', 'resource-query': { type: 'TAG_FILTERS_1_0' } } },
    })
    assert.partialDeepStrictEqual(changes[1].detail, { 'state-change': 'update', group: { description: 'New' } })
    assert.equal(changes.length, 2)

    await put('b')
    const parameter = { arn: 'arn:aws:ssm:us-east-1:000000000000:parameter/b', 'resource-type': 'AWS::SSM::Parameter' }
    const [added] = (await told()).filter((event) => event.resources[0] === arn)
    assert.equal(added['detail-type'], 'ResourceGroups Group Membership Change')
    assert.deepEqual(added.detail.resources, [{ 'membership-change': 'add', ...parameter }])
    await ssm.send(new DeleteParameterCommand({ Name: 'b' }))
    const [removed] = (await told()).filter((event) => event.resources[0] === arn)
    assert.deepEqual(removed.detail.resources, [{ 'membership-change': 'remove', ...parameter }])
    await groups.call('DeleteGroup', { Group: 'web' })
    assert.deepEqual(
      (await told()).map(({ detail }) => detail['state-change']),
      ['delete'],
    )
    await groups.call('UpdateAccountSettings', { GroupLifecycleEventsDesiredStatus: 'INACTIVE' })
    await groups.call('DeleteGroup', { Group: 'before' })
    assert.deepEqual(await told(), [])
  })
}
