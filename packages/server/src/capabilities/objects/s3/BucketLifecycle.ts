/** GetBucketLifecycleConfiguration, PutBucketLifecycleConfiguration, DeleteBucketLifecycle. */
import { ApiError } from '#kernel/api-error.ts'
import { s3 } from '#kernel/declare.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { bucketArn, XML_NAMESPACE } from '../bucket.ts'
import { configureBucket, mustFindBucket } from '../bucket-store.ts'
import { readRules, rulesXml } from '../lifecycle.ts'
import { xmlOf } from '../xml-body.ts'

export const GetBucketLifecycleConfiguration = s3('GetBucketLifecycleConfiguration', 'GET bucket?lifecycle', {
  access: ({ bucket }) => ({ action: 's3:GetLifecycleConfiguration', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    const { lifecycle } = (await call.read((db) => mustFindBucket(db, bucket))).settings
    if (!lifecycle) throw new ApiError('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist')
    const headers = { 'x-amz-transition-default-minimum-object-size': 'all_storage_classes_128K' }
    return { headers, body: xmlDocument('LifecycleConfiguration', rulesXml(lifecycle), XML_NAMESPACE) }
  },
})

export const PutBucketLifecycleConfiguration = s3('PutBucketLifecycleConfiguration', 'PUT bucket?lifecycle', {
  access: ({ bucket }) => ({ action: 's3:PutLifecycleConfiguration', resources: [bucketArn(bucket)] }),

  async handle(request, call) {
    const lifecycle = readRules(await xmlOf(request, 'LifecycleConfiguration'))
    await call.write((tx) => configureBucket(tx, request.bucket, { lifecycle }))
    return { headers: { 'x-amz-transition-default-minimum-object-size': 'all_storage_classes_128K' } }
  },
})

export const DeleteBucketLifecycle = s3('DeleteBucketLifecycle', 'DELETE bucket?lifecycle', {
  access: ({ bucket }) => ({ action: 's3:PutLifecycleConfiguration', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    await call.write((tx) => configureBucket(tx, bucket, { lifecycle: undefined }))
    return { status: 204 }
  },
})
