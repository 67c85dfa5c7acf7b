import { ApiError } from '#kernel/api-error.ts'
import { s3 } from '#kernel/declare.ts'
import { bucketArn } from '../bucket.ts'
import { deleteBucket, mustFindBucket } from '../bucket-store.ts'
import { removableAt } from '../content.ts'
import { isEmpty } from '../object-store.ts'
import { removeUploads } from '../upload-store.ts'

export const DeleteBucket = s3('DeleteBucket', 'DELETE bucket', {
  access: ({ bucket }) => ({ action: 's3:DeleteBucket', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    await call.write(async (tx) => {
      await mustFindBucket(tx, bucket)
      if (!(await isEmpty(tx, bucket)))
        throw new ApiError('BucketNotEmpty', 'The bucket you tried to delete is not empty')
      await removeUploads(tx, bucket, removableAt(call.now))
      await deleteBucket(tx, bucket)
    })
    return { status: 204 }
  },
})
