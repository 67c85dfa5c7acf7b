import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateDocumentCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { SearchRequest, SearchResult } from '@steward/model/generated/steward.ts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { jsonCall, type RawCall } from '#door/testing/raw-call.ts'
import { aUser } from '#iam/testing/a-user.ts'
import { RunCommand } from '../../commands/testing/run-command.ts'

const CONTENT = JSON.stringify({
  schemaVersion: '2.2',
  mainSteps: [{ action: 'aws:runShellScript', name: 'run', inputs: { runCommand: ['true'] } }],
})

async function search(server: TestServer, input: SearchRequest, more: RawCall = {}): Promise<SearchResult> {
  const answer = await jsonCall(server, 'Steward.Search', input, { service: 'steward', ...more })
  assert.equal(answer.status, 200, answer.text)
  return answer.json as unknown as SearchResult
}

const found = ({ Groups = [] }: SearchResult) =>
  Groups.flatMap(({ Hits = [] }) => Hits.map(({ Kind, Title }) => `${Kind} ${Title}`))

for (const database of DATABASES) {
  test(`CON-07 one search finds nodes, documents, names of parameters and commands (${database})`, async () => {
    await using server = await startServer({ database })
    const ssm = server.client(SSMClient)
    await FakeNode.enrol(server, {}, { ComputerName: 'blue.example' })
    await ssm.send(new CreateDocumentCommand({ Name: 'Paint-It-Blue', Content: CONTENT, DocumentType: 'Command' }))
    await ssm.send(new PutParameterCommand({ Name: '/app/blue', Value: 'secretive', Type: 'String' }))
    const [agent] = await server.fakeNodes(1)
    await new RunCommand(server).send({ InstanceIds: [agent!.id], Comment: 'Turn it BLUE' })
    assert.deepEqual(found(await search(server, { Query: 'blue' })), [
      'Node blue.example',
      'Document Paint-It-Blue',
      'Parameter /app/blue',
      'Command Turn it BLUE',
    ])
    assert.deepEqual(found(await search(server, { Query: 'blue', Kinds: ['Parameter'] })), ['Parameter /app/blue'])
    assert.deepEqual(found(await search(server, { Query: 'secretive' })), [])
    assert.deepEqual(found(await search(server, { Query: 'instanceIds', Kinds: ['Command'] })), [])
    const some = await search(server, { Query: 'AWS-', Kinds: ['Document'], MaxResultsPerKind: 2 })
    assert.deepEqual([some.Groups?.[0]?.Hits?.length, some.Groups?.[0]?.More], [2, true])
  })
}

test('X-12 a search shows only what its caller may list', async () => {
  await using server = await startServer()
  const statements = [{ Effect: 'Allow', Action: 'ssm:ListDocuments', Resource: '*' }]
  const credentials = await aUser(server, 'ann', { statements })
  await server.client(SSMClient).send(new PutParameterCommand({ Name: 'my-shellscript', Value: 'x', Type: 'String' }))
  const result = await search(server, { Query: 'shellscript' }, { credentials })
  assert.deepEqual(
    result.Groups?.map(({ Kind }) => Kind),
    ['Document'],
  )
  assert.deepEqual(
    result.Withheld?.map(({ Part }) => Part),
    ['Node', 'Parameter', 'Command'],
  )
})
