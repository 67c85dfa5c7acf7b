/** GetBucketTagging, PutBucketTagging, DeleteBucketTagging. */
import { ApiError } from '#kernel/api-error.ts'
import { s3 } from '#kernel/declare.ts'
import { bucketArn } from '../bucket.ts'
import { configureBucket, mustFindBucket } from '../bucket-store.ts'
import { readTags, tagsXml } from '../tags.ts'

export const GetBucketTagging = s3('GetBucketTagging', 'GET bucket?tagging', {
  access: ({ bucket }) => ({ action: 's3:GetBucketTagging', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    const { tags } = (await call.read((db) => mustFindBucket(db, bucket))).settings
    if (!tags || Object.keys(tags).length === 0) throw new ApiError('NoSuchTagSet', 'The TagSet does not exist')
    return { body: tagsXml(tags) }
  },
})

export const PutBucketTagging = s3('PutBucketTagging', 'PUT bucket?tagging', {
  access: ({ bucket }) => ({ action: 's3:PutBucketTagging', resources: [bucketArn(bucket)] }),

  async handle(request, call) {
    const tags = await readTags(request, 'bucket')
    await call.write((tx) => configureBucket(tx, request.bucket, { tags }))
    return { status: 204 }
  },
})

export const DeleteBucketTagging = s3('DeleteBucketTagging', 'DELETE bucket?tagging', {
  access: ({ bucket }) => ({ action: 's3:PutBucketTagging', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    await call.write((tx) => configureBucket(tx, bucket, { tags: undefined }))
    return { status: 204 }
  },
})
