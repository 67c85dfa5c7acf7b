import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateDocumentCommand,
  DeleteDocumentCommand,
  DescribeDocumentCommand,
  ListDocumentVersionsCommand,
  SSMClient,
  UpdateDocumentCommand,
  type UpdateDocumentCommandInput,
  UpdateDocumentDefaultVersionCommand,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import fc from 'fast-check'
import { PREDEFINED } from '../predefined/index.ts'
import { sampleContent } from '../sample-content.ts'

const NAME = 'my-doc'

async function serverWithDocument(database: (typeof DATABASES)[number] = 'sqlite') {
  const server = await startServer({ database })
  const ssm = server.client(SSMClient)
  await ssm.send(new CreateDocumentCommand({ Name: NAME, Content: sampleContent('one'), VersionName: 'one' }))
  const update = async (description: string, more: Partial<UpdateDocumentCommandInput> = {}) => {
    const Content = sampleContent(description)
    return (await ssm.send(new UpdateDocumentCommand({ Name: NAME, Content, DocumentVersion: '$LATEST', ...more })))
      .DocumentDescription!
  }
  const versions = async () =>
    (await ssm.send(new ListDocumentVersionsCommand({ Name: NAME }))).DocumentVersions!.map(
      (one) => one.DocumentVersion,
    )
  return { server, ssm, update, versions, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('DOC-10 only the latest version can be the base of an update', async () => {
  await using the = await serverWithDocument()
  const refused = (DocumentVersion: string | undefined, message: string) =>
    assert.rejects(the.update('next', { DocumentVersion }), { name: 'InvalidDocumentVersion', message })
  const second = await the.update('two', { DocumentVersion: '1' })
  assert.deepEqual(
    [second.Status, second.DocumentVersion, second.LatestVersion, second.DefaultVersion],
    ['Updating', '2', '2', '1'],
  )
  await refused(undefined, 'Document version for UpdateDocument must be number or $LATEST')
  await refused('$DEFAULT', 'Document version for UpdateDocument must be number or $LATEST')
  await refused('99', 'Document version: 99 is invalid, latest version is 2')
  await refused(
    '1',
    `Version provided for document ${NAME} is not latest. Please provide the latest version to update document ${NAME}`,
  )
  assert.deepEqual(await the.versions(), ['2', '1'])
})

test('DOC-10 content of the latest version is refused, that of an older one is a new version', async () => {
  await using the = await serverWithDocument()
  await the.update('two')
  await assert.rejects(the.update('two'), {
    name: 'DuplicateDocumentContent',
    message: `Document to be updated with name ${NAME} has the same metadata and content as document version provided in request`,
  })
  const third = await the.update('one')
  assert.deepEqual([third.DocumentVersion, third.Description], ['3', 'one'])
  assert.equal((await the.update('one', { TargetType: '/AWS::EC2::Instance' })).TargetType, '/AWS::EC2::Instance')
  assert.equal((await the.update('five')).TargetType, '/AWS::EC2::Instance')
})

test('DOC-10 a version name is unique in the document', async () => {
  await using the = await serverWithDocument()
  await assert.rejects(the.update('two', { VersionName: 'one' }), {
    name: 'DuplicateDocumentVersionName',
    message: 'Document version name one has already been used for another version of this document',
  })
  assert.equal((await the.update('two', { VersionName: 'two' })).VersionName, 'two')
})

test('DOC-05a documents of schema 1.2 cannot be updated, nor others to it', async () => {
  await using the = await serverWithDocument()
  const old = PREDEFINED.get('AWS-RunShellScript')!.versions[0]!.content
  const notAllowed = {
    name: 'InvalidDocumentSchemaVersion',
    message: 'Update is not allowed for documentType: Command, schemaVersion: 1.2',
  }
  await the.ssm.send(new CreateDocumentCommand({ Name: 'old', Content: old }))
  await assert.rejects(the.update('new', { Name: 'old' }), notAllowed)
  await assert.rejects(the.update('', { Content: old }), notAllowed)
})

test('DOC-03 documents that are not there and predefined ones cannot be changed', async () => {
  await using the = await serverWithDocument()
  await assert.rejects(the.update('x', { Name: 'nothing' }), { name: 'InvalidDocument' })
  for (const command of [
    new UpdateDocumentCommand({ Name: 'AWS-Noop', Content: sampleContent('x'), DocumentVersion: '$LATEST' }),
    new UpdateDocumentDefaultVersionCommand({ Name: 'AWS-Noop', DocumentVersion: '1' }),
    new DeleteDocumentCommand({ Name: 'AWS-Noop' }),
  ]) {
    await assert.rejects(the.ssm.send(command as DeleteDocumentCommand), {
      name: 'InvalidDocument',
      message: 'Document AWS-Noop does not exist in your account',
    })
  }
})

test('DOC-11 the default moves only when it is told to', async () => {
  await using the = await serverWithDocument()
  await the.update('two', { VersionName: 'two' })
  const move = (DocumentVersion: string) =>
    the.ssm.send(new UpdateDocumentDefaultVersionCommand({ Name: NAME, DocumentVersion }))
  const described = async () => (await the.ssm.send(new DescribeDocumentCommand({ Name: NAME }))).Document!
  assert.equal((await described()).DocumentVersion, '1')
  assert.deepEqual((await move('2')).Description, { Name: NAME, DefaultVersion: '2' })
  assert.deepEqual([(await described()).DocumentVersion, (await described()).Description], ['2', 'two'])
  await assert.rejects(move('999'), {
    name: 'InvalidDocumentVersion',
    message: `Document with name ${NAME} with version 999 does not exist.`,
  })
})

test('DOC-10 of updates at the same moment each gets a number of its own', async () => {
  for (const database of DATABASES) {
    await using the = await serverWithDocument(database)
    const made = await Promise.all(Array.from({ length: 12 }, (_, i) => the.update(`update ${i}`)))
    assert.deepEqual(
      made.map((one) => Number(one.DocumentVersion)).sort((a, b) => a - b),
      Array.from({ length: 12 }, (_, i) => i + 2),
    )
  }
})

const action = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'update' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('default' as const), pick: fc.nat() }) },
)

test('DOC-10 whatever is updated, deleted and made the default, a number is never used twice', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  let documents = 0
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 15 }), async (actions) => {
      const Name = `document-${++documents}`
      await ssm.send(new CreateDocumentCommand({ Name, Content: sampleContent('one') }))
      const model = { existing: [1], defaultVersion: 1, last: 1 }
      for (const { kind, ...rest } of actions) {
        const picked = 'pick' in rest ? model.existing[rest.pick % model.existing.length]! : 0
        const DocumentVersion = String(picked)
        if (kind === 'update') {
          model.existing.push(++model.last)
          const Content = sampleContent(`version ${model.last}`)
          const made = await ssm.send(new UpdateDocumentCommand({ Name, Content, DocumentVersion: '$LATEST' }))
          assert.equal(made.DocumentDescription?.DocumentVersion, String(model.last))
        } else if (kind === 'default') {
          model.defaultVersion = picked
          await ssm.send(new UpdateDocumentDefaultVersionCommand({ Name, DocumentVersion }))
        } else if (picked === model.defaultVersion) {
          const command = new DeleteDocumentCommand({ Name, DocumentVersion })
          await assert.rejects(ssm.send(command), { name: 'InvalidDocumentOperation' })
        } else {
          model.existing = model.existing.filter((number) => number !== picked)
          await ssm.send(new DeleteDocumentCommand({ Name, DocumentVersion }))
        }
      }
      const { Document: shown } = await ssm.send(new DescribeDocumentCommand({ Name }))
      const { DocumentVersions: listed } = await ssm.send(new ListDocumentVersionsCommand({ Name }))
      assert.equal(shown?.LatestVersion, String(model.existing.at(-1)))
      assert.equal(shown?.DefaultVersion, String(model.defaultVersion))
      assert.deepEqual(
        listed?.map((one) => [Number(one.DocumentVersion), one.IsDefaultVersion]),
        model.existing.toReversed().map((number) => [number, number === model.defaultVersion]),
      )
    }),
    { numRuns: 40 },
  )
})
