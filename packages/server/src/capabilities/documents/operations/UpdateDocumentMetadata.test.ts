import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateDocumentCommand,
  DescribeDocumentCommand,
  type DocumentReviewAction,
  ListDocumentMetadataHistoryCommand,
  SSMClient,
  UpdateDocumentCommand,
  UpdateDocumentMetadataCommand,
} from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'

const Name = 'template'
const template = (description: string) =>
  JSON.stringify({
    schemaVersion: '0.3',
    description,
    mainSteps: [{ name: 'wait', action: 'aws:sleep', inputs: { Duration: 'PT1M' } }],
  })

async function serverWithTemplate() {
  const server = await startServer()
  const ssm = server.client(SSMClient)
  const DocumentType = 'Automation.ChangeTemplate'
  await ssm.send(new CreateDocumentCommand({ Name, Content: template('one'), DocumentType }))
  const review = (Action: DocumentReviewAction, comment?: string, DocumentVersion?: string) =>
    ssm.send(
      new UpdateDocumentMetadataCommand({
        Name,
        DocumentVersion,
        DocumentReviews: { Action, Comment: comment ? [{ Type: 'Comment', Content: comment }] : undefined },
      }),
    )
  const describe = async () => (await ssm.send(new DescribeDocumentCommand({ Name }))).Document!
  return { server, ssm, review, describe, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('DOC-18 a version is sent for review, and its history tells so', async () => {
  await using the = await serverWithTemplate()
  assert.equal((await the.describe()).ReviewStatus, 'NOT_REVIEWED')
  await the.review('SendForReview', 'please')
  await the.review('UpdateReview', 'please, soon')
  const described = await the.describe()
  assert.equal(described.ReviewStatus, 'PENDING')
  assert.equal(described.PendingReviewVersion, '1')
  assert.equal(described.Author, `arn:aws:iam::${the.server.house.rootKey.account}:root`)
  assert.equal(described.ReviewInformation?.[0]?.Status, 'PENDING')
  const history = await the.ssm.send(new ListDocumentMetadataHistoryCommand({ Name, Metadata: 'DocumentReviews' }))
  assert.deepEqual([history.Name, history.DocumentVersion], [Name, '1'])
  const steps = history.Metadata?.ReviewerResponse?.map((step) => [step.ReviewStatus, step.Reviewer, step.Comment])
  assert.deepEqual(steps, [['PENDING', 'root', [{ Type: 'Comment', Content: 'please, soon' }]]])
})

test('DOC-18 the author cannot be the reviewer', async () => {
  await using the = await serverWithTemplate()
  await the.review('SendForReview')
  for (const action of ['Approve', 'Reject'] as const) {
    await assert.rejects(the.review(action), { name: 'InvalidDocumentOperation', message: /author/ })
  }
})

test('DOC-18 one version at a time is in review, and only actions that fit its status are possible', async () => {
  await using the = await serverWithTemplate()
  await assert.rejects(the.review('Approve'), { name: 'InvalidDocumentOperation' })
  await the.review('SendForReview')
  await assert.rejects(the.review('SendForReview'), { name: 'InvalidDocumentOperation' })
  await the.ssm.send(new UpdateDocumentCommand({ Name, Content: template('two'), DocumentVersion: '1' }))
  await assert.rejects(the.review('SendForReview', undefined, '2'), { name: 'InvalidDocumentOperation', message: /1/ })
  await assert.rejects(the.review('SendForReview', undefined, '3'), { name: 'InvalidDocumentVersion' })
})
