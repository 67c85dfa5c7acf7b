import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateDocumentCommand, SSMClient, UpdateDocumentCommand } from '@aws-sdk/client-ssm'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { aUser, type UserKey } from '#iam/testing/a-user.ts'

function content(command: string): string {
  const inputs = { runCommand: [command] }
  const mainSteps = [{ action: 'aws:runShellScript', name: 'run', inputs }]
  return JSON.stringify({ schemaVersion: '2.2', mainSteps })
}

async function references(server: TestServer, Name: string, credentials?: UserKey) {
  const more = { service: 'steward', ...(credentials && { credentials }) }
  return (await jsonCall(server, 'Steward.ListParameterReferences', { Name }, more)).json
}

for (const database of DATABASES) {
  test(`DOC-09 PS-21 the documents that name a parameter are known, with their versions (${database})`, async () => {
    await using server = await startServer({ database })
    const ssm = server.client(SSMClient)
    const create = (Name: string, command: string) =>
      ssm.send(new CreateDocumentCommand({ Name, DocumentType: 'Command', Content: content(command) }))
    await create('deploy', 'echo {{ssm:/shop/host}} {{ ssm:plain:2 }}')
    await create('other', 'echo {{ssm:/shop/host-2}} /shop/host')
    await ssm.send(
      new UpdateDocumentCommand({
        Name: 'deploy',
        DocumentVersion: '$LATEST',
        Content: content('{{ssm:/shop/host:3}}'),
      }),
    )
    const found = (DocumentVersions: string[]) => ({
      Documents: [{ Name: 'deploy', DocumentType: 'Command', DocumentVersions, IsInDefaultVersion: true }],
    })
    assert.deepEqual(await references(server, '/shop/host'), found(['1', '2']))
    assert.deepEqual(await references(server, '/plain'), found(['1']))
    assert.deepEqual(await references(server, '/shop'), { Documents: [] })
    const user = await aUser(server, 'nobody')
    assert.match(JSON.stringify(await references(server, '/shop/host', user)), /ssm:ListDocuments/)
  })
}
