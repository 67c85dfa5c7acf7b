import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { contentHash, type DocumentName, type WantedVersion } from './document.ts'
import type { Document, DocumentVersion } from './document-version.ts'
import { lookUp } from './look-up.ts'
import { documents0001 } from './migrations/0001-documents.ts'
import { documents0003 } from './migrations/0003-document-attachments.ts'
import { documentToRun } from './run.ts'
import { sampleContent } from './sample-content.ts'
import { countOtherPublic, setShares, sharesOf } from './share-store.ts'
import {
  addDocument,
  addVersion,
  countDocuments,
  countVersions,
  deleteDocument,
  deleteVersion,
  listVersions,
  setDefaultVersion,
  storedDocument,
  storedVersion,
  visibleDocuments,
} from './store.ts'

const OWNER: Scope = { account: '111111111111', region: 'us-east-1' }
const OTHER: Scope = { account: '222222222222', region: 'us-east-1' }
const ARN = 'arn:aws:ssm:us-east-1:111111111111:document/my-doc'

const MIGRATIONS = { 'documents-0001': documents0001, 'documents-0003': documents0003 }
const open = (kind: (typeof DATABASES)[number]) => openTestDatabase(kind, MIGRATIONS)

function version(number: number, more: Partial<DocumentVersion> = {}): DocumentVersion {
  const text = sampleContent(`version ${number}`)
  return {
    number,
    versionName: undefined,
    displayName: undefined,
    createdAt: new Date(Date.UTC(2026, 0, number)),
    format: 'JSON',
    text,
    hash: contentHash(text),
    schemaVersion: '2.2',
    platformTypes: ['Linux', 'MacOS'],
    requires: undefined,
    targetType: undefined,
    author: 'arn:aws:iam::111111111111:root',
    reviewStatus: undefined,
    ...more,
  }
}

function document(scope: Scope, name: string): Document {
  return {
    scope,
    name: name as DocumentName,
    type: 'Command',
    defaultVersion: 1,
    latestVersion: 1,
    lastVersion: 1,
    category: [],
    categoryEnum: [],
  }
}

const latest: WantedVersion = { selector: '$LATEST', versionName: undefined }
const byDefault: WantedVersion = { selector: '$DEFAULT', versionName: undefined }
const numbers = async (reader: Reader, of: Document) =>
  (await listVersions(reader, of, undefined, 100)).map(({ number }) => number)

for (const kind of DATABASES) {
  test(`DOC-10 a version is found by number, name, $LATEST and $DEFAULT, and comes back as it was stored (${kind})`, async () => {
    await using database = await open(kind)
    const doc = document(OWNER, 'my-doc')
    const first = version(1, { versionName: 'one', displayName: 'My doc', targetType: '/AWS::EC2::Instance' })
    const second = version(2, { requires: [{ Name: 'other', Version: '3' }], reviewStatus: 'PENDING' })
    await database.write(async (tx) => {
      await addDocument(tx, { document: doc, version: first })
      await addVersion(tx, doc, second)
    })
    await database.read(async (reader) => {
      const find = async (wanted: Partial<WantedVersion>) =>
        (await storedVersion(reader, OWNER, 'my-doc', { selector: undefined, versionName: undefined, ...wanted }))
          ?.version
      assert.deepEqual(await find({ selector: '$DEFAULT' }), first)
      assert.deepEqual(await find({ selector: '$LATEST' }), second)
      assert.deepEqual(await find({ selector: 1 }), first)
      assert.deepEqual(await find({ versionName: 'one' }), first)
      assert.equal(await find({ selector: 2, versionName: 'one' }), undefined)
      assert.equal(await find({ selector: 3 }), undefined)
      assert.deepEqual(await storedDocument(reader, OWNER, 'my-doc'), { ...doc, latestVersion: 2, lastVersion: 2 })
    })
  })

  test(`DOC-10 numbers are not used twice, and the latest is the highest that exists (${kind})`, async () => {
    await using database = await open(kind)
    const doc = document(OWNER, 'my-doc')
    await database.write(async (tx) => {
      await addDocument(tx, { document: doc, version: version(1) })
      await addVersion(tx, doc, version(2))
      await addVersion(tx, doc, version(3))
      await deleteVersion(tx, doc, 3)
    })
    const found = await database.read((reader) => storedDocument(reader, OWNER, 'my-doc'))
    assert.equal(found?.latestVersion, 2)
    assert.equal(found?.lastVersion, 3)
    await database.write(async (tx) => {
      await addVersion(tx, doc, version(4))
      await setDefaultVersion(tx, doc, 4)
    })
    await database.read(async (reader) => {
      assert.deepEqual(await numbers(reader, doc), [4, 2, 1])
      assert.equal(await countVersions(reader, doc), 3)
      assert.equal((await storedVersion(reader, OWNER, 'my-doc', byDefault))?.version.number, 4)
    })
  })

  test(`two accounts and two Regions have documents of the same name (${kind})`, async () => {
    await using database = await open(kind)
    const scopes = [OWNER, OTHER, { ...OWNER, region: 'eu-west-1' }]
    await database.write(async (tx) => {
      for (const scope of scopes) await addDocument(tx, { document: document(scope, 'my-doc'), version: version(1) })
      await addVersion(tx, document(OWNER, 'my-doc'), version(2))
      await deleteDocument(tx, document(OTHER, 'my-doc'))
    })
    await database.read(async (reader) => {
      assert.deepEqual(await Promise.all(scopes.map((scope) => countDocuments(reader, scope))), [1, 0, 1])
      assert.deepEqual(await Promise.all(scopes.map((scope) => numbers(reader, document(scope, 'my-doc')))), [
        [2, 1],
        [],
        [1],
      ])
    })
  })

  test(`DOC-15 another account reads what is shared with it, by the ARN, and nothing else (${kind})`, async () => {
    await using database = await open(kind)
    const doc = document(OWNER, 'my-doc')
    await database.write(async (tx) => {
      await addDocument(tx, { document: doc, version: version(1) })
      await addVersion(tx, doc, version(2))
    })
    const read = async (wanted: WantedVersion, name = ARN, scope = OTHER) => {
      const { document: found, version: its } = await database.read((reader) => lookUp(reader, scope, name, wanted))
      return [found?.name, its?.number]
    }
    const two: WantedVersion = { selector: 2, versionName: undefined }
    const share = (sharedWith: string, sharedVersion: string) =>
      database.write((tx) => setShares(tx, doc, [{ sharedWith, sharedVersion }]))

    assert.deepEqual(await read(byDefault), [undefined, undefined])
    await share(OTHER.account, '$DEFAULT')
    assert.deepEqual(await read(byDefault), ['my-doc', 1])
    assert.deepEqual(await read(latest), ['my-doc', undefined])
    assert.deepEqual(await read(byDefault, 'my-doc'), [undefined, undefined])
    assert.deepEqual(await read(byDefault, ARN, { ...OTHER, region: 'eu-west-1' }), [undefined, undefined])
    assert.deepEqual(await read(byDefault, ARN, { ...OTHER, account: '333333333333' }), [undefined, undefined])
    await share(OTHER.account, '$LATEST')
    assert.deepEqual(await read(two), ['my-doc', 2])
    assert.deepEqual(await read(byDefault), ['my-doc', undefined])
    await share('All', '$ALL')
    assert.deepEqual(
      [await read(byDefault), await read(two)],
      [
        ['my-doc', 1],
        ['my-doc', 2],
      ],
    )
    assert.deepEqual(await read(two, ARN, OWNER), ['my-doc', 2])
    const runnable = await database.read((reader) => documentToRun(reader, OTHER, ARN, '$LATEST'))
    assert.deepEqual([runnable.name, runnable.arn, runnable.version], ['my-doc', ARN, 2])
  })

  test(`DOC-15 an account sees its own documents, those shared with it and public ones (${kind})`, async () => {
    await using database = await open(kind)
    const [named, open_, closed, mine] = [
      document(OWNER, 'named'),
      document(OWNER, 'open'),
      document(OWNER, 'closed'),
      document(OTHER, 'mine'),
    ]
    await database.write(async (tx) => {
      for (const doc of [named, open_, closed, mine]) await addDocument(tx, { document: doc, version: version(1) })
      await addVersion(tx, named, version(2))
      await setShares(tx, named, [{ sharedWith: OTHER.account, sharedVersion: '$LATEST' }])
      await setShares(tx, open_, [{ sharedWith: 'all', sharedVersion: '$ALL' }])
      await setShares(tx, closed, [{ sharedWith: '333333333333', sharedVersion: '$ALL' }])
    })
    await database.read(async (reader) => {
      const seen = async (scope: Scope) =>
        (await visibleDocuments(reader, scope))
          .map((one) => [one.document.name, one.version.number, one.sharedWith])
          .sort()
      assert.deepEqual(await seen(OTHER), [
        ['mine', 1, undefined],
        ['named', 2, OTHER.account],
        ['open', 1, 'all'],
      ])
      assert.deepEqual(await seen(OWNER), [
        ['closed', 1, undefined],
        ['named', 1, undefined],
        ['open', 1, 'all'],
      ])
      assert.equal(await countOtherPublic(reader, named), 1)
      assert.equal(await countOtherPublic(reader, open_), 0)
      assert.deepEqual(await sharesOf(reader, named), [{ sharedWith: OTHER.account, sharedVersion: '$LATEST' }])
    })
  })
}
