import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateDocumentCommand, DescribeDocumentCommand, GetDocumentCommand, SSMClient } from '@aws-sdk/client-ssm'
import { openTestDatabase, startServer } from '@steward/testkit'
import { settingsCapability } from '#capabilities/settings/index.ts'
import { tagsCapability } from '#capabilities/tags/index.ts'
import { aUser } from '#iam/testing/a-user.ts'
import type { Operation } from '#kernel/declare.ts'
import { documentResources } from './document-resources.ts'
import { documentsCapability } from './index.ts'
import { CreateDocument } from './operations/CreateDocument.ts'
import { ModifyDocumentPermission } from './operations/ModifyDocumentPermission.ts'
import { sampleContent } from './sample-content.ts'

const ARN = 'arn:aws:ssm:us-east-1:111111111111:document/Mine'

test('X-13 a document of another account is refused to a user whatever its own policies, unless it is shared', async () => {
  await using server = await startServer()
  await server.client(SSMClient).send(new CreateDocumentCommand({ Name: 'Mine', Content: sampleContent('one') }))
  const allow = { Effect: 'Allow', Action: 'ssm:GetDocument', Resource: '*' }
  const user = server.client(SSMClient, { credentials: await aUser(server, 'ann', { statements: [allow] }) })
  assert.equal((await user.send(new GetDocumentCommand({ Name: 'Mine' }))).Name, 'Mine')
  await assert.rejects(user.send(new GetDocumentCommand({ Name: ARN })), {
    message: /because no resource-based policy allows the ssm:GetDocument action$/,
  })
})

test('X-14 policies tell documents apart by their type and category, also the predefined ones and those yet to be made', async () => {
  await using server = await startServer()
  const condition = { StringEquals: { 'ssm:DocumentType': 'Command' } }
  const category = { 'ForAnyValue:StringEquals': { 'ssm:DocumentCategories': 'ScriptExecution' } }
  const statements = [
    { Effect: 'Allow', Action: ['ssm:*Document', 'ssm:AddTagsToResource'], Resource: '*', Condition: condition },
    { Effect: 'Deny', Action: 'ssm:GetDocument', Resource: '*', Condition: category },
  ]
  const user = server.client(SSMClient, { credentials: await aUser(server, 'ann', { statements }) })
  const refused = { name: 'AccessDeniedException' }
  const Content = JSON.stringify({ schemaVersion: '1.0', sessionType: 'Standard_Stream', inputs: {} })
  const session = { DocumentType: 'Session', Content } as const
  const Tags = [{ Key: 'team', Value: 'web' }]

  await user.send(new CreateDocumentCommand({ Name: 'Mine', Content: sampleContent('one'), Tags }))
  assert.equal((await user.send(new GetDocumentCommand({ Name: 'Mine' }))).DocumentType, 'Command')
  await assert.rejects(user.send(new CreateDocumentCommand({ Name: 'Shell', ...session })), refused)
  await server.client(SSMClient).send(new CreateDocumentCommand({ Name: 'Shell', ...session }))
  await assert.rejects(user.send(new GetDocumentCommand({ Name: 'Shell' })), refused)
  assert.ok(await user.send(new DescribeDocumentCommand({ Name: 'AWS-RunShellScript' })))
  await assert.rejects(user.send(new GetDocumentCommand({ Name: 'AWS-RunShellScript' })), {
    message: /with an explicit deny in an identity-based policy$/,
  })
})

test('X-13 what a document is shared as is a policy to decisions: for named accounts, or for everybody', async () => {
  const capabilities = [tagsCapability, settingsCapability, documentsCapability]
  const migrations = Object.assign({}, ...capabilities.map(({ migrations }) => migrations))
  await using database = await openTestDatabase('sqlite', migrations)
  const principals = async () => {
    const described = await database.read((reader) => documentResources.describe(reader, ARN, 'ssm:GetDocument'))
    return described?.policy?.policy.statements[0]?.principals?.listed
  }
  const scope = { account: '111111111111', region: 'us-east-1' }
  const principal = { kind: 'root', account: scope.account, arn: 'arn:aws:iam::111111111111:root' }
  const call = (operation: Operation, input: object) =>
    database.write((db) => operation.handle(input, { scope, principal, db, now: new Date(0) } as never))
  const share = (more: object) => call(ModifyDocumentPermission, { Name: 'Mine', PermissionType: 'Share', ...more })

  assert.equal(await principals(), undefined)
  await call(CreateDocument, { Name: 'Mine', Content: sampleContent('one') })
  assert.equal(await principals(), undefined)
  await share({ AccountIdsToAdd: ['222222222222', '333333333333'] })
  assert.deepEqual(await principals(), { AWS: ['222222222222', '333333333333'] })
  await share({ AccountIdsToAdd: ['all'], AccountIdsToRemove: ['222222222222', '333333333333'] })
  assert.deepEqual(await principals(), { AWS: ['*'] })
})
