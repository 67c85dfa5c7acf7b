import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestDatabase } from '@steward/testkit'
import { tagsCapability } from '#capabilities/tags/index.ts'
import type { Operation, WriteCall } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { documentsCapability } from '../index.ts'
import { sampleContent } from '../sample-content.ts'
import { CreateDocument } from './CreateDocument.ts'
import { DescribeDocument } from './DescribeDocument.ts'
import { GetDocument } from './GetDocument.ts'
import { ListDocuments } from './ListDocuments.ts'
import { ListDocumentVersions } from './ListDocumentVersions.ts'
import { ModifyDocumentPermission } from './ModifyDocumentPermission.ts'
import { UpdateDocument } from './UpdateDocument.ts'
import { UpdateDocumentMetadata } from './UpdateDocumentMetadata.ts'

// A server has one root key so far. What several callers do to each other is tested behind the door.

const NAME = 'my-doc'
const OWNER: Scope = { account: '111111111111', region: 'us-east-1' }
const OTHER: Scope = { account: '222222222222', region: 'us-east-1' }
const ARN = `arn:aws:ssm:us-east-1:${OWNER.account}:document/${NAME}`

async function house() {
  const database = await openTestDatabase('sqlite', { ...tagsCapability.migrations, ...documentsCapability.migrations })
  let milliseconds = Date.UTC(2026, 0, 1)
  const caller = (scope: Scope, user = 'root') => {
    const principal = { kind: 'root', account: scope.account, arn: `arn:aws:iam::${scope.account}:${user}` }
    return <T = Record<string, unknown>>(operation: Operation, input: object) =>
      database.write(async (db) => {
        const cursors = { cursor: () => undefined, nextToken: () => undefined }
        const call = { scope, principal, db, now: new Date(milliseconds++), ...cursors } as unknown as WriteCall
        return (await operation.handle(input, call as never)) as T
      })
  }
  return { caller, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

test('DOC-15 another account reads a shared document by its ARN and cannot change it', async () => {
  await using the = await house()
  const owner = the.caller(OWNER)
  const other = the.caller(OTHER)
  const Tags = [{ Key: 'secret', Value: 'tag' }]
  await owner(CreateDocument, { Name: NAME, Content: sampleContent('one'), Tags })
  await owner(UpdateDocument, { Name: NAME, Content: sampleContent('two'), DocumentVersion: '$LATEST' })
  await assert.rejects(other(GetDocument, { Name: ARN }), { code: 'InvalidDocument' })

  await owner(ModifyDocumentPermission, { Name: NAME, AccountIdsToAdd: [OTHER.account] })
  const { Document: shown } = await other<{ Document: object }>(DescribeDocument, { Name: ARN })
  assert.partialDeepStrictEqual(shown, { Name: ARN, Owner: OWNER.account, DocumentVersion: '1', Tags: [] })
  await assert.rejects(other(GetDocument, { Name: ARN, DocumentVersion: '2' }), { code: 'InvalidDocumentVersion' })
  const versions = await other<{ DocumentVersions: object[] }>(ListDocumentVersions, { Name: ARN })
  assert.equal(versions.DocumentVersions.length, 1)
  assert.partialDeepStrictEqual(versions.DocumentVersions, [
    { Name: ARN, DocumentVersion: '1', IsDefaultVersion: true },
  ])
  const Filters = [{ Key: 'Owner', Values: ['Private'] }]
  const list = await other<{ DocumentIdentifiers: object[] }>(ListDocuments, { Filters })
  assert.equal(list.DocumentIdentifiers.length, 1)
  assert.partialDeepStrictEqual(list.DocumentIdentifiers, [{ Name: ARN, DocumentVersion: '1', Tags: [] }])
  const change = { Name: NAME, Content: sampleContent('three'), DocumentVersion: '$LATEST' }
  await assert.rejects(other(UpdateDocument, change), { code: 'InvalidDocument' })

  await owner(ModifyDocumentPermission, { Name: NAME, AccountIdsToAdd: [OTHER.account], SharedDocumentVersion: '$ALL' })
  const all = await other<{ DocumentVersions: object[] }>(ListDocumentVersions, { Name: ARN })
  assert.equal(all.DocumentVersions.length, 2)
})

test('DOC-18 another user approves or rejects, and a new approval ends the former', async () => {
  await using the = await house()
  const author = the.caller(OWNER, 'user/author')
  const reviewer = the.caller(OWNER, 'user/reviewer')
  const content = (description: string) =>
    JSON.stringify({ schemaVersion: '0.3', description, mainSteps: [{ name: 'wait', action: 'aws:sleep' }] })
  const review = (by: typeof author, Action: string, DocumentVersion: string) =>
    by(UpdateDocumentMetadata, { Name: NAME, DocumentVersion, DocumentReviews: { Action } })
  const describe = async (DocumentVersion: string) =>
    (await author<{ Document: object }>(DescribeDocument, { Name: NAME, DocumentVersion })).Document

  await author(CreateDocument, { Name: NAME, DocumentType: 'Automation.ChangeTemplate', Content: content('one') })
  await review(author, 'SendForReview', '1')
  await review(reviewer, 'Reject', '1')
  await review(author, 'SendForReview', '1')
  await review(reviewer, 'Approve', '1')
  assert.partialDeepStrictEqual(await describe('1'), {
    ReviewStatus: 'APPROVED',
    ApprovedVersion: '1',
    PendingReviewVersion: undefined,
    ReviewInformation: [{ Status: 'APPROVED', Reviewer: 'reviewer' }],
  })
  await author(UpdateDocument, { Name: NAME, Content: content('two'), DocumentVersion: '$LATEST' })
  await review(author, 'SendForReview', '2')
  await review(reviewer, 'Approve', '2')
  assert.partialDeepStrictEqual(await describe('1'), { ReviewStatus: 'REJECTED', ApprovedVersion: '2' })
})

test('an account has at most 500 documents, DOC-10 and a document 1000 versions', async () => {
  await using the = await house()
  const owner = the.caller(OWNER)
  const create = (i: number) => owner(CreateDocument, { Name: `doc-${i}`, Content: sampleContent('one') })
  for (let i = 1; i <= 500; i++) await create(i)
  await assert.rejects(create(501), { code: 'DocumentLimitExceeded' })
  const update = (i: number) =>
    owner(UpdateDocument, { Name: 'doc-1', Content: sampleContent(`version ${i}`), DocumentVersion: '$LATEST' })
  for (let i = 2; i <= 1000; i++) await update(i)
  await assert.rejects(update(1001), { code: 'DocumentVersionLimitExceeded' })
})
