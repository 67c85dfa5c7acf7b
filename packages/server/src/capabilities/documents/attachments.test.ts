import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AttachmentsSource } from '@steward/model/generated/ssm.ts'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import { objects0001 } from '#capabilities/objects/migrations/0001-objects.ts'
import { putObject } from '#capabilities/objects/object-store.ts'
import type { Call } from '#kernel/declare.ts'
import { gatherAttachments } from './attachments.ts'

for (const database of DATABASES) {
  test(`DOC-14 only what was read of the very object that is there now is attached (${database})`, async () => {
    await using db = await openTestDatabase(database, { 'objects-0001': objects0001 })
    const modifiedAt = new Date(0)
    const attributes = {
      headers: {},
      metadata: {},
      tags: {},
      storageClass: 'STANDARD',
      encryption: { algorithm: 'AES256' },
    } as const
    const put = (contentId: string) =>
      db.write((tx) =>
        putObject(
          tx,
          { bucket: 'box', key: 'a.txt', contentId, size: 1, etag: 'e', modifiedAt, attributes },
          modifiedAt,
        ),
      )
    const source: AttachmentsSource = { Key: 'S3FileUrl', Name: 'a.txt', Values: ['s3://box/a.txt'] }
    const contents = new Map([['one', { bytes: Buffer.from('a'), hash: 'h' }]])
    const gather = () => db.read((reader) => gatherAttachments({ db: reader } as Call, [source], contents))
    await put('one')
    assert.deepEqual(await gather(), [{ name: 'a.txt', size: 1, bytes: Buffer.from('a'), hash: 'h' }])
    await put('two')
    await assert.rejects(gather(), { code: 'ServiceUnavailable', message: /a\.txt was changed/ })
  })
}
