/** GetBucketCors, PutBucketCors, DeleteBucketCors. */
import { ApiError } from '#kernel/api-error.ts'
import { s3 } from '#kernel/declare.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { bucketArn, XML_NAMESPACE } from '../bucket.ts'
import { configureBucket, mustFindBucket } from '../bucket-store.ts'
import { corsXml, readCorsRules } from '../cross-origin.ts'
import { xmlOf } from '../xml-body.ts'

export const GetBucketCors = s3('GetBucketCors', 'GET bucket?cors', {
  access: ({ bucket }) => ({ action: 's3:GetBucketCORS', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    const { cors } = (await call.read((db) => mustFindBucket(db, bucket))).settings
    if (!cors) throw new ApiError('NoSuchCORSConfiguration', 'The CORS configuration does not exist')
    return { body: xmlDocument('CORSConfiguration', corsXml(cors), XML_NAMESPACE) }
  },
})

export const PutBucketCors = s3('PutBucketCors', 'PUT bucket?cors', {
  access: ({ bucket }) => ({ action: 's3:PutBucketCORS', resources: [bucketArn(bucket)] }),

  async handle(request, call) {
    const cors = readCorsRules(await xmlOf(request, 'CORSConfiguration'))
    await call.write((tx) => configureBucket(tx, request.bucket, { cors }))
    return {}
  },
})

export const DeleteBucketCors = s3('DeleteBucketCors', 'DELETE bucket?cors', {
  access: ({ bucket }) => ({ action: 's3:PutBucketCORS', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    await call.write((tx) => configureBucket(tx, bucket, { cors: undefined }))
    return { status: 204 }
  },
})
