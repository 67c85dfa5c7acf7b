import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateEventBusCommand, EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge'
import { CreateKeyCommand, KMSClient, ListResourceTagsCommand } from '@aws-sdk/client-kms'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { CreateDocumentCommand, ListTagsForResourceCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { aUser } from '#iam/testing/a-user.ts'
import { Groups, tagging, tagQuery } from '../testing/groups-client.ts'

const arnOf = (service: string, path: string) => `arn:aws:${service}:us-east-1:000000000000:${path}`

/** One resource of each type, none of them tagged; their ARNs. */
async function everything(server: TestServer): Promise<string[]> {
  const ssm = server.client(SSMClient)
  const node = await server.fakeNode()
  await ssm.send(new PutParameterCommand({ Name: '/a/b', Value: 'v', Type: 'String' }))
  const Content = JSON.stringify({
    schemaVersion: '2.2',
    mainSteps: [{ action: 'aws:runShellScript', name: 'a', inputs: { runCommand: ['true'] } }],
  })
  await ssm.send(new CreateDocumentCommand({ Name: 'Doc', Content, DocumentType: 'Command' }))
  await server.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: '/x/y' }))
  const events = server.client(EventBridgeClient)
  await events.send(new CreateEventBusCommand({ Name: 'bus' }))
  await events.send(new PutRuleCommand({ Name: 'rule', EventBusName: 'bus', EventPattern: '{"source":["a"]}' }))
  const { KeyMetadata } = await server.client(KMSClient).send(new CreateKeyCommand({}))
  await server.client(S3Client, { forcePathStyle: true } as object).send(new CreateBucketCommand({ Bucket: 'things' }))
  await server.client(SNSClient).send(new CreateTopicCommand({ Name: 'topic' }))
  const { Group } = await new Groups(server).call('CreateGroup', { Name: 'group' })
  return [
    arnOf('events', 'event-bus/bus'),
    arnOf('events', 'rule/bus/rule'),
    KeyMetadata!.Arn!,
    arnOf('logs', 'log-group:/x/y'),
    Group.GroupArn,
    'arn:aws:s3:::things',
    arnOf('sns', 'topic'),
    arnOf('ssm', 'document/Doc'),
    arnOf('ssm', `managed-instance/${node.id}`),
    arnOf('ssm', 'parameter/a/b'),
  ]
}

for (const database of DATABASES) {
  test(`RG-12 every type of resource is tagged, found by its tags, and untagged (${database})`, async () => {
    await using server = await startServer({ database })
    const arns = await everything(server)
    const found = async (input: Parameters<typeof tagging<'GetResources'>>[2] = {}) => {
      const { ResourceTagMappingList, PaginationToken } = await tagging(server, 'GetResources', input)
      assert.equal(PaginationToken, '')
      return ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN)
    }
    assert.deepEqual(await found(), [])
    const Tags = { team: 'a', empty: '' }
    assert.deepEqual(await tagging(server, 'TagResources', { ResourceARNList: arns, Tags }), { FailedResourcesMap: {} })
    assert.deepEqual(await found(), arns)
    const { ResourceTagMappingList } = await tagging(server, 'GetResources', { ResourceTypeFilters: ['ssm:parameter'] })
    const tags = [
      { Key: 'empty', Value: '' },
      { Key: 'team', Value: 'a' },
    ]
    assert.deepEqual(ResourceTagMappingList, [{ ResourceARN: arns.at(-1), Tags: tags }])
    assert.deepEqual(await found({ ResourceTypeFilters: ['ssm', 's3:bucket'] }), [arns[5], ...arns.slice(-3)])
    assert.deepEqual(await found({ ResourceARNList: arns.slice(2, 5) }), arns.slice(2, 5))
    assert.deepEqual(await found({ TagFilters: [{ Key: 'team', Values: ['a', 'b'] }, { Key: 'empty' }] }), arns)
    assert.deepEqual(await found({ TagFilters: [{ Key: 'team', Values: ['b'] }] }), [])
    assert.deepEqual((await tagging(server, 'GetTagKeys', {})).TagKeys, ['empty', 'team'])
    assert.deepEqual((await tagging(server, 'GetTagValues', { Key: 'team' })).TagValues, ['a'])
    assert.deepEqual((await tagging(server, 'GetTagValues', { Key: 'none' })).TagValues, [])

    const ssm = server.client(SSMClient)
    const { TagList } = await ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Document', ResourceId: 'Doc' }))
    assert.deepEqual(TagList, tags)
    const key = await server.client(KMSClient).send(new ListResourceTagsCommand({ KeyId: arns[2] }))
    assert.equal(key.Tags?.length, 2)
    const { ResourceIdentifiers } = await new Groups(server).call('SearchResources', {
      ResourceQuery: tagQuery([{ Key: 'team' }]),
    })
    assert.deepEqual(
      ResourceIdentifiers.map(({ ResourceArn }) => ResourceArn),
      arns,
    )

    await tagging(server, 'UntagResources', { ResourceARNList: arns, TagKeys: ['team', 'empty', 'none'] })
    assert.deepEqual((await tagging(server, 'GetTagKeys', {})).TagKeys, [])
    // RG-16: SSM's resources and groups stay listed, with no tags.
    const left = await tagging(server, 'GetResources', {})
    assert.deepEqual(
      left.ResourceTagMappingList.map(({ Tags }) => Tags),
      [[], [], [], []],
    )
  })
}

test('RG-12 each resource that cannot be tagged fails for itself', async () => {
  await using server = await startServer()
  await server.client(SSMClient).send(new PutParameterCommand({ Name: 'a', Value: 'v', Type: 'String' }))
  const good = arnOf('ssm', 'parameter/a')
  const bad = [
    arnOf('ssm', 'parameter/none'),
    arnOf('ec2', 'instance/i-1'),
    'nonsense',
    'arn:aws:ssm:eu-west-1:000000000000:parameter/a',
  ]
  const Tags = { team: 'a' }
  const { FailedResourcesMap } = await tagging(server, 'TagResources', { ResourceARNList: [good, ...bad], Tags })
  assert.deepEqual(Object.keys(FailedResourcesMap).sort(), bad.toSorted())
  assert.deepEqual(
    new Set(Object.values(FailedResourcesMap).map(({ StatusCode, ErrorCode }) => `${StatusCode} ${ErrorCode}`)),
    new Set(['400 InvalidParameterException']),
  )

  const allow = (Action: string | string[], Resource = '*') => ({ Effect: 'Allow', Action, Resource })
  const credentials = await aUser(server, 'ann', { statements: [allow(['tag:TagResources', 'tag:UntagResources'])] })
  const refused = await tagging(
    server,
    'UntagResources',
    { ResourceARNList: [good], TagKeys: ['team'] },
    { credentials },
  )
  assert.match(refused.FailedResourcesMap[good]?.ErrorMessage ?? '', /ssm:RemoveTagsFromResource/)
  const nobody = await aUser(server, 'bob', {})
  await assert.rejects(tagging(server, 'GetResources', {}, { credentials: nobody }), { name: /AccessDenied/ })
})

test('RG-12 pages are cut by resources and by tags; what makes no sense is refused', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const many = Array.from({ length: 40 }, (_, at) => ({ Key: `k${at}`, Value: 'v' }))
  for (const Name of ['a', 'b', 'c'])
    await ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String', Tags: many }))
  const page = async (input: object) => {
    const { ResourceTagMappingList, PaginationToken } = await tagging(server, 'GetResources', input)
    return [ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN?.at(-1)).join(''), PaginationToken] as const
  }
  const [first, token] = await page({ ResourcesPerPage: 2 })
  assert.equal(first, 'ab')
  assert.deepEqual(await page({ ResourcesPerPage: 2, PaginationToken: token }), ['c', ''])
  assert.equal((await page({ TagsPerPage: 100 }))[0], 'ab')
  const wrong: Parameters<typeof tagging<'GetResources'>>[2][] = [
    { ResourcesPerPage: 0 },
    { ResourcesPerPage: 101 },
    { TagsPerPage: 150 },
    { TagFilters: [{ Values: ['a'] }] },
    { ExcludeCompliantResources: true },
    { ResourceARNList: [arnOf('ssm', 'parameter/a')], TagFilters: [{ Key: 'a' }] },
    { PaginationToken: 'nonsense' },
  ]
  for (const input of wrong)
    await assert.rejects(
      tagging(server, 'GetResources', input),
      { name: 'InvalidParameterException' },
      JSON.stringify(input),
    )
  const reserved = { ResourceARNList: [arnOf('ssm', 'parameter/a')], Tags: { 'aws:x': 'y' } }
  await assert.rejects(tagging(server, 'TagResources', reserved), { name: 'InvalidParameterException' })
  const { ResourceTagMappingList } = await tagging(server, 'GetResources', { IncludeComplianceDetails: true })
  assert.equal(ResourceTagMappingList[0]?.ComplianceDetails?.ComplianceStatus, true)
  await assert.rejects(tagging(server, 'StartReportCreation', { S3Bucket: 'bucket' }), {
    name: 'ConstraintViolationException',
  })
  assert.equal((await tagging(server, 'DescribeReportCreation', {})).Status, 'NO REPORT')
})
