import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateDocumentCommand,
  DescribeDocumentCommand,
  GetDocumentCommand,
  ListDocumentVersionsCommand,
  SSMClient,
  UpdateDocumentCommand,
} from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { sampleContent } from '../sample-content.ts'

const YAML =
  'schemaVersion: "2.2" # two\nmainSteps:\n- {name: echo, action: aws:runShellScript, inputs: {runCommand: [echo]}}\n'
const CALENDAR = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n'

test('DOC-13 the same format gives back the very bytes, DOC-22 YAML comes as JSON unless asked for', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const spaced = ` ${sampleContent('spaced')}\n`
  await ssm.send(new CreateDocumentCommand({ Name: 'json', Content: spaced }))
  await ssm.send(new CreateDocumentCommand({ Name: 'yaml', Content: YAML, DocumentFormat: 'YAML' }))
  const calendar = { Content: CALENDAR, DocumentFormat: 'TEXT', DocumentType: 'ChangeCalendar' } as const
  await ssm.send(new CreateDocumentCommand({ Name: 'text', ...calendar }))
  const get = async (Name: string, DocumentFormat?: 'JSON' | 'YAML') => {
    const found = await ssm.send(new GetDocumentCommand({ Name, DocumentFormat }))
    return [found.DocumentFormat, found.Content]
  }
  assert.deepEqual(await get('json'), ['JSON', spaced])
  assert.deepEqual(await get('yaml', 'YAML'), ['YAML', YAML])
  assert.deepEqual(await get('text'), ['TEXT', CALENDAR])
  const [format, content] = await get('yaml')
  assert.equal(format, 'JSON')
  assert.equal(JSON.parse(content!).mainSteps[0].name, 'echo')
  assert.match((await get('json', 'YAML'))[1]!, /^---\nschemaVersion: "2.2"\n/)
})

test('DOC-10 GetDocument and DescribeDocument take a number, a name, $LATEST and $DEFAULT', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const Name = 'my-doc'
  await ssm.send(new CreateDocumentCommand({ Name, Content: sampleContent('one'), VersionName: 'first' }))
  await ssm.send(new UpdateDocumentCommand({ Name, Content: sampleContent('two'), DocumentVersion: '1' }))
  const get = async (wanted: { DocumentVersion?: string; VersionName?: string }) => {
    const got = await ssm.send(new GetDocumentCommand({ Name, ...wanted }))
    const { Document: described } = await ssm.send(new DescribeDocumentCommand({ Name, ...wanted }))
    assert.equal(described?.DocumentVersion, got.DocumentVersion)
    return got.DocumentVersion
  }
  assert.equal(await get({}), '1')
  assert.equal(await get({ DocumentVersion: '$DEFAULT' }), '1')
  assert.equal(await get({ DocumentVersion: '$LATEST' }), '2')
  assert.equal(await get({ DocumentVersion: '2' }), '2')
  assert.equal(await get({ VersionName: 'first' }), '1')
  await assert.rejects(get({ DocumentVersion: '999' }), {
    name: 'InvalidDocumentVersion',
    message: 'Document version: 999 is invalid, latest version is 2',
  })
  await assert.rejects(get({ VersionName: 'third' }), { name: 'InvalidDocumentVersion' })
  await assert.rejects(get({ VersionName: 'first', DocumentVersion: '2' }), { name: 'InvalidDocumentVersion' })
})

test('PD-01 predefined documents are read like others, also by their public ARN', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  for (const Name of ['AWS-RunShellScript', 'arn:aws:ssm:us-east-1::document/AWS-RunShellScript']) {
    const { Content, ...got } = await ssm.send(new GetDocumentCommand({ Name }))
    assert.equal(JSON.parse(Content!).schemaVersion, '1.2')
    assert.deepEqual([got.Name, got.DocumentVersion, got.Status], ['AWS-RunShellScript', '1', 'Active'])
    const { Document: described } = await ssm.send(new DescribeDocumentCommand({ Name }))
    assert.equal(described?.Owner, 'Amazon')
    assert.deepEqual(described?.CategoryEnum, ['ScriptExecution'])
    const { DocumentVersions: versions } = await ssm.send(new ListDocumentVersionsCommand({ Name }))
    assert.deepEqual(
      versions?.map((one) => [one.DocumentVersion, one.IsDefaultVersion]),
      [['1', true]],
    )
  }
  await assert.rejects(ssm.send(new GetDocumentCommand({ Name: 'AWS-Unheard' })), {
    name: 'InvalidDocument',
    message: 'Document with name AWS-Unheard does not exist.',
  })
})

test('X-08 versions are paged, the newest first', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const Name = 'my-doc'
  await ssm.send(new CreateDocumentCommand({ Name, Content: sampleContent('one') }))
  const add = (n: number) =>
    ssm.send(new UpdateDocumentCommand({ Name, Content: sampleContent(`v${n}`), DocumentVersion: '$LATEST' }))
  for (const n of [2, 3, 4, 5]) await add(n)
  const first = await ssm.send(new ListDocumentVersionsCommand({ Name, MaxResults: 2 }))
  await add(6)
  const second = await ssm.send(new ListDocumentVersionsCommand({ Name, MaxResults: 3, NextToken: first.NextToken }))
  const numbers = [first, second].map((page) => page.DocumentVersions?.map((one) => one.DocumentVersion))
  assert.deepEqual(numbers, [
    ['5', '4'],
    ['3', '2', '1'],
  ])
  assert.equal(second.NextToken, undefined)
})
