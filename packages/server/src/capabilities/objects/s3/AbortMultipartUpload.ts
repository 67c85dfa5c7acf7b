import { s3 } from '#kernel/declare.ts'
import { objectArn } from '../bucket.ts'
import { mustFindBucket } from '../bucket-store.ts'
import { removableAt } from '../content.ts'
import { removeParts } from '../object-store.ts'
import { forgetUpload, mustFindUpload } from '../upload-store.ts'

export const AbortMultipartUpload = s3('AbortMultipartUpload', 'DELETE object?uploadId', {
  access: ({ bucket, key }) => ({ action: 's3:AbortMultipartUpload', resources: [objectArn(bucket, key)] }),

  async handle({ bucket, key, query }, call) {
    await call.write(async (tx) => {
      await mustFindBucket(tx, bucket)
      const { id } = await mustFindUpload(tx, bucket, key, query.get('uploadId')!)
      await removeParts(tx, id, removableAt(call.now))
      await forgetUpload(tx, id)
    })
    return { status: 204 }
  },
})
