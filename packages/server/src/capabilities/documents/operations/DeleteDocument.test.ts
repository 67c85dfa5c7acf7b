import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateDocumentCommand,
  DeleteDocumentCommand,
  type DeleteDocumentCommandInput,
  ListTagsForResourceCommand,
  ModifyDocumentPermissionCommand,
  SSMClient,
  UpdateDocumentCommand,
} from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { sampleContent } from '../sample-content.ts'

const Name = 'my-doc'

async function serverWithTwoVersions() {
  const server = await startServer()
  const ssm = server.client(SSMClient)
  const Tags = [{ Key: 'a', Value: 'b' }]
  await ssm.send(new CreateDocumentCommand({ Name, Content: sampleContent('one'), Tags }))
  const second = { Content: sampleContent('two'), VersionName: 'two', DocumentVersion: '1' }
  await ssm.send(new UpdateDocumentCommand({ Name, ...second }))
  const remove = (more: Partial<DeleteDocumentCommandInput> = {}) =>
    ssm.send(new DeleteDocumentCommand({ Name, ...more }))
  return { ssm, remove, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('DOC-17 a document goes with its versions and tags', async () => {
  await using the = await serverWithTwoVersions()
  await the.remove()
  await assert.rejects(the.remove(), {
    name: 'InvalidDocument',
    message: `Document ${Name} does not exist in your account`,
  })
  const tags = new ListTagsForResourceCommand({ ResourceType: 'Document', ResourceId: Name })
  await assert.rejects(the.ssm.send(tags), { name: 'InvalidResourceId' })
})

test('DOC-17 one version is deleted by number, by $LATEST or by name, but not the default', async () => {
  await using the = await serverWithTwoVersions()
  for (const DocumentVersion of ['1', '$DEFAULT']) {
    await assert.rejects(the.remove({ DocumentVersion }), {
      name: 'InvalidDocumentOperation',
      message: "Default version of the document can't be deleted.",
    })
  }
  await the.remove({ VersionName: 'two' })
  await assert.rejects(the.remove({ VersionName: 'two' }), { name: 'InvalidDocument' })
  await assert.rejects(the.remove({ DocumentVersion: '2' }), { name: 'InvalidDocument' })
  const more = { Content: sampleContent('three'), DocumentVersion: '$LATEST' }
  await the.ssm.send(new UpdateDocumentCommand({ Name, ...more }))
  await the.remove({ DocumentVersion: '$LATEST' })
  await assert.rejects(the.remove({ DocumentVersion: '$LATEST' }), { name: 'InvalidDocumentOperation' })
})

test('DOC-15 a shared document cannot be deleted, its versions can', async () => {
  await using the = await serverWithTwoVersions()
  const share = (change: object) =>
    the.ssm.send(new ModifyDocumentPermissionCommand({ Name, PermissionType: 'Share', ...change }))
  await share({ AccountIdsToAdd: ['222222222222'] })
  await assert.rejects(the.remove(), {
    name: 'InvalidDocumentOperation',
    message: 'Must unshare document first before delete',
  })
  await the.remove({ DocumentVersion: '2' })
  await share({ AccountIdsToRemove: ['222222222222'] })
  await the.remove()
})
