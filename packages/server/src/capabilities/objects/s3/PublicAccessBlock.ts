/** GetPublicAccessBlock, PutPublicAccessBlock, DeletePublicAccessBlock. Nothing is public here; what is said of it is kept. */
import { ApiError } from '#kernel/api-error.ts'
import { s3 } from '#kernel/declare.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { bucketArn, XML_NAMESPACE } from '../bucket.ts'
import { configureBucket, mustFindBucket } from '../bucket-store.ts'
import { xmlOf } from '../xml-body.ts'

const MEMBERS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const
const ROOT = 'PublicAccessBlockConfiguration'
/** What every new bucket has. */
const ALL = Object.fromEntries(MEMBERS.map((name) => [name, true]))

export const GetPublicAccessBlock = s3('GetPublicAccessBlock', 'GET bucket?publicAccessBlock', {
  access: ({ bucket }) => ({ action: 's3:GetBucketPublicAccessBlock', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    const { publicAccessBlock = ALL } = (await call.read((db) => mustFindBucket(db, bucket))).settings
    if (Object.keys(publicAccessBlock).length === 0) {
      throw new ApiError('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found')
    }
    return { body: xmlDocument(ROOT, publicAccessBlock, XML_NAMESPACE) }
  },
})

export const PutPublicAccessBlock = s3('PutPublicAccessBlock', 'PUT bucket?publicAccessBlock', {
  access: ({ bucket }) => ({ action: 's3:PutBucketPublicAccessBlock', resources: [bucketArn(bucket)] }),

  async handle(request, call) {
    const xml = await xmlOf(request, ROOT)
    const publicAccessBlock = Object.fromEntries(MEMBERS.map((name) => [name, xml.textOf(name) === 'true']))
    await call.write((tx) => configureBucket(tx, request.bucket, { publicAccessBlock }))
    return {}
  },
})

export const DeletePublicAccessBlock = s3('DeletePublicAccessBlock', 'DELETE bucket?publicAccessBlock', {
  access: ({ bucket }) => ({ action: 's3:PutBucketPublicAccessBlock', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    await call.write((tx) => configureBucket(tx, bucket, { publicAccessBlock: {} }))
    return { status: 204 }
  },
})
