import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateDocumentCommand,
  type CreateDocumentCommandInput,
  DeleteDocumentCommand,
  DescribeDocumentCommand,
  GetDocumentCommand,
  ListTagsForResourceCommand,
  SSMClient,
  type Tag,
  UpdateDocumentCommand,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { allowUser, aUser } from '#iam/testing/a-user.ts'
import { sampleContent } from '../sample-content.ts'

const SCHEMA = '{"type":"object","properties":{"flag":{"type":"boolean"}},"additionalProperties":false}'

for (const database of DATABASES) {
  test(`DOC-12 creation answers Creating, the next read Active, and nothing else differs (${database})`, async () => {
    await using server = await startServer({ database })
    const ssm = server.client(SSMClient)
    const Content = sampleContent('one', { parameters: { commands: { type: 'StringList', default: ['a'] } } })
    const Tags = [{ Key: 'suite', Value: 'docs' }]
    const { DocumentDescription: created } = await ssm.send(
      new CreateDocumentCommand({ Name: 'my-doc', Content, VersionName: 'one', Tags }),
    )
    const { Document: described } = await ssm.send(new DescribeDocumentCommand({ Name: 'my-doc' }))
    const { CreatedDate, Hash, ...rest } = created!
    assert.match(Hash!, /^[0-9a-f]{64}$/)
    assert.ok(CreatedDate instanceof Date)
    assert.deepEqual(rest, {
      HashType: 'Sha256',
      Name: 'my-doc',
      VersionName: 'one',
      Owner: server.house.rootKey.account,
      Status: 'Creating',
      DocumentVersion: '1',
      Description: 'one',
      Parameters: [{ Name: 'commands', Type: 'StringList', DefaultValue: '["a"]' }],
      PlatformTypes: ['Linux', 'MacOS'],
      DocumentType: 'Command',
      SchemaVersion: '2.2',
      LatestVersion: '1',
      DefaultVersion: '1',
      DocumentFormat: 'JSON',
      Tags,
    })
    assert.deepEqual(described, { ...created, Status: 'Active', Category: [], CategoryEnum: [] })
    const tags = await ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Document', ResourceId: 'my-doc' }))
    assert.deepEqual(tags.TagList, Tags)
  })
}

test('DOC-03 a name is taken once, and names of predefined documents never', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const create = (Name: string) => ssm.send(new CreateDocumentCommand({ Name, Content: sampleContent('one') }))
  await create('my-doc')
  await assert.rejects(create('my-doc'), {
    name: 'DocumentAlreadyExists',
    message: 'Document with same name my-doc already exists',
  })
  await assert.rejects(create('AWS-Mine'), { name: 'ValidationException' })
  await ssm.send(new DeleteDocumentCommand({ Name: 'my-doc' }))
  const again = await create('my-doc')
  assert.equal(again.DocumentDescription?.DocumentVersion, '1')
  assert.deepEqual(again.DocumentDescription?.Tags, [])
})

test('DOC-12a what is refused leaves nothing behind', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const refused = async (input: Partial<CreateDocumentCommandInput>, error: object) => {
    const command = new CreateDocumentCommand({ Name: 'my-doc', Content: sampleContent('one'), ...input })
    await assert.rejects(ssm.send(command), error)
    await assert.rejects(ssm.send(new DescribeDocumentCommand({ Name: 'my-doc' })), {
      name: 'InvalidDocument',
      message: 'Document with name my-doc does not exist.',
    })
  }
  await refused(
    { Content: '{' },
    { name: 'InvalidDocumentContent', message: 'JSON not well-formed. at Line: 1, Column: 2' },
  )
  await refused({ Content: 'x'.repeat(65_537) }, { name: 'MaxDocumentSizeExceeded' })
  await refused({ Content: sampleContent('1').replace('2.2', '3.0') }, { name: 'InvalidDocumentSchemaVersion' })
  await refused({ DocumentFormat: 'TEXT' }, { name: 'InvalidDocumentContent' })
  await refused({ Tags: [{ Key: 'aws:mine', Value: '' }] }, { name: 'ValidationException' })
})

test('X-14 X-23 a document with tags takes the permission to tag it, under conditions on these tags', async () => {
  await using server = await startServer()
  const create = { Effect: 'Allow', Action: 'ssm:CreateDocument', Resource: '*' }
  const credentials = await aUser(server, 'ann', { statements: [create] })
  const ssm = server.client(SSMClient, { credentials })
  const make = (Name: string, ...Tags: Tag[]) =>
    ssm.send(new CreateDocumentCommand({ Name, Content: sampleContent('one'), Tags }))
  await make('plain')
  await assert.rejects(make('tagged', { Key: 'team', Value: 'a' }), {
    name: 'AccessDeniedException',
    message: /ssm:AddTagsToResource on resource: arn:aws:ssm:us-east-1:000000000000:document\/tagged because/,
  })
  const Condition = {
    StringEquals: { 'aws:RequestTag/team': 'a' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
  }
  const tag = {
    Effect: 'Allow',
    Action: 'ssm:AddTagsToResource',
    Resource: 'arn:aws:ssm:*:*:document/tagged*',
    Condition,
  }
  await allowUser(server, 'ann', [create, tag])
  await make('tagged', { Key: 'team', Value: 'a' })
  const denied = { name: 'AccessDeniedException' }
  await assert.rejects(make('tagged-b', { Key: 'team', Value: 'b' }), denied)
  await assert.rejects(make('tagged-c', { Key: 'team', Value: 'a' }, { Key: 'cost', Value: '1' }), denied)
  await assert.rejects(make('other', { Key: 'team', Value: 'a' }), denied)
})

test('DOC-19 a configuration requires exactly one schema, pinned to a version', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const schema = { DocumentType: 'ApplicationConfigurationSchema' as const, Content: SCHEMA }
  const create = (Name: string, Requires?: CreateDocumentCommandInput['Requires']) =>
    ssm.send(
      new CreateDocumentCommand({ Name, DocumentType: 'ApplicationConfiguration', Content: '{"flag":true}', Requires }),
    )
  await ssm.send(new CreateDocumentCommand({ Name: 'schema', ...schema }))
  const { DocumentDescription: config } = await create('config', [{ Name: 'schema', Version: '$DEFAULT' }])
  assert.deepEqual(config?.Requires, [{ Name: 'schema', Version: '1' }])
  assert.equal(config?.SchemaVersion, '')
  const { Document: described } = await ssm.send(new DescribeDocumentCommand({ Name: 'config' }))
  assert.equal(described && 'SchemaVersion' in described, false)
  const { account } = server.house.rootKey
  const byArn = await create('by-arn', [{ Name: `arn:aws:ssm:us-east-1:${account}:document/schema` }])
  assert.deepEqual(byArn.DocumentDescription?.Requires, [{ Name: 'schema', Version: '1' }])

  const refused = async (Requires: CreateDocumentCommandInput['Requires'], message: string) =>
    assert.rejects(create('refused', Requires), { name: 'ValidationException', message })
  await refused(undefined, 'DocumentRequires cannot be empty when creating a document of type ApplicationConfiguration')
  await refused([{ Name: 'nothing' }], 'Document with name nothing does not exist.')
  await refused([{ Name: 'schema', Version: '9' }], 'Document version: 9 is invalid, latest version is 1')
  await refused(
    [{ Name: 'schema', VersionName: 'one' }],
    'VersionName under Requires is not supported for ApplicationConfiguration document.',
  )
  await refused(
    [{ Name: 'config' }],
    'Document included in DocumentRequires must  be of type ApplicationConfigurationSchema. Supplied Document config is of type ApplicationConfiguration',
  )
})

test('DOC-19 a configuration cannot be updated once its schema is gone or made anew', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const schema = { Name: 'schema', DocumentType: 'ApplicationConfigurationSchema' as const, Content: SCHEMA }
  const config = { Name: 'config', DocumentType: 'ApplicationConfiguration' as const }
  const update = (Content: string) =>
    ssm.send(new UpdateDocumentCommand({ Name: 'config', DocumentVersion: '$LATEST', Content }))
  await ssm.send(new CreateDocumentCommand(schema))
  await ssm.send(new CreateDocumentCommand({ ...config, Content: '{"flag":true}', Requires: [{ Name: 'schema' }] }))
  const updated = await update('{"flag":false}')
  assert.deepEqual(updated.DocumentDescription?.Requires, [{ Name: 'schema', Version: '1' }])

  await assert.rejects(ssm.send(new DeleteDocumentCommand({ Name: 'schema' })), { name: 'InvalidDocument' })
  await ssm.send(new DeleteDocumentCommand({ Name: 'schema', Force: true }))
  await assert.rejects(update('{}'), { message: 'Document with name schema does not exist.' })
  await server.advance(1000)
  await ssm.send(new CreateDocumentCommand(schema))
  await assert.rejects(update('{}'), { name: 'ValidationException', message: /schema has been changed/ })
  const { Content } = await ssm.send(new GetDocumentCommand({ Name: 'config', DocumentVersion: '2' }))
  assert.equal(Content, '{"flag":false}')
})

test('DOC-19 a document cannot require itself by way of others', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const create = (Name: string, ...required: string[]) =>
    ssm.send(
      new CreateDocumentCommand({
        Name,
        Content: sampleContent(Name),
        Requires: required.length > 0 ? required.map((one) => ({ Name: one })) : undefined,
      }),
    )
  await create('third')
  await create('second', 'third')
  await create('first', 'second')
  await ssm.send(new DeleteDocumentCommand({ Name: 'third' }))
  await assert.rejects(create('third', 'first'), { name: 'ValidationException' })
  await create('third')
})
