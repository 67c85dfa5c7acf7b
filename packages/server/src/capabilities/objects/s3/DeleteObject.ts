import { s3 } from '#kernel/declare.ts'
import { objectArn } from '../bucket.ts'
import { mustFindBucket } from '../bucket-store.ts'
import { removableAt } from '../content.ts'
import { invalidArgument } from '../errors.ts'
import { findObject, removeObject } from '../object-store.ts'
import { checkWriting } from '../preconditions.ts'

export const DeleteObject = s3('DeleteObject', 'DELETE object', {
  access: ({ bucket, key }) => ({ action: 's3:DeleteObject', resources: [objectArn(bucket, key)] }),

  async handle(request, call) {
    const { bucket, key, query } = request
    if ((query.get('versionId') ?? 'null') !== 'null') throw invalidArgument('Invalid version id specified')
    await call.write(async (tx) => {
      await mustFindBucket(tx, bucket)
      checkWriting(request, await findObject(tx, bucket, key))
      await removeObject(tx, bucket, key, removableAt(call.now))
    })
    return { status: 204 }
  },
})
