import { s3 } from '#kernel/declare.ts'
import { bucketArn } from '../bucket.ts'
import { mustFindBucket } from '../bucket-store.ts'

export const HeadBucket = s3('HeadBucket', 'HEAD bucket', {
  access: ({ bucket }) => ({ action: 's3:ListBucket', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    const { region } = await call.read((db) => mustFindBucket(db, bucket))
    return {
      headers: {
        'x-amz-bucket-arn': bucketArn(bucket),
        'x-amz-bucket-region': region,
        'x-amz-access-point-alias': 'false',
      },
    }
  },
})
