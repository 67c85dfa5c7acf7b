/** GetBucketEncryption, PutBucketEncryption, DeleteBucketEncryption: how objects are encrypted whose sender does not say. */
import { type S3Request, s3 } from '#kernel/declare.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { type BucketEncryption, bucketArn, XML_NAMESPACE } from '../bucket.ts'
import { configureBucket, mustFindBucket } from '../bucket-store.ts'
import { invalidArgument, malformedXml, notImplemented } from '../errors.ts'
import { xmlOf } from '../xml-body.ts'

const USUAL: BucketEncryption = { algorithm: 'AES256', bucketKey: false }

export const GetBucketEncryption = s3('GetBucketEncryption', 'GET bucket?encryption', {
  access: ({ bucket }) => ({ action: 's3:GetEncryptionConfiguration', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    const { settings } = await call.read((db) => mustFindBucket(db, bucket))
    const { algorithm, keyId, bucketKey } = settings.encryption ?? USUAL
    const byDefault = { SSEAlgorithm: algorithm, KMSMasterKeyID: keyId }
    const Rule = { ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: bucketKey }
    return { body: xmlDocument('ServerSideEncryptionConfiguration', { Rule }, XML_NAMESPACE) }
  },
})

export const PutBucketEncryption = s3('PutBucketEncryption', 'PUT bucket?encryption', {
  access: ({ bucket }) => ({ action: 's3:PutEncryptionConfiguration', resources: [bucketArn(bucket)] }),

  async handle(request, call) {
    const encryption = await readEncryption(request)
    await call.write((tx) => configureBucket(tx, request.bucket, { encryption }))
    return {}
  },
})

export const DeleteBucketEncryption = s3('DeleteBucketEncryption', 'DELETE bucket?encryption', {
  access: ({ bucket }) => ({ action: 's3:PutEncryptionConfiguration', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    await call.write((tx) => configureBucket(tx, bucket, { encryption: undefined }))
    return { status: 204 }
  },
})

async function readEncryption(request: S3Request): Promise<BucketEncryption> {
  const rules = (await xmlOf(request, 'ServerSideEncryptionConfiguration')).all('Rule')
  const byDefault = rules[0]?.first('ApplyServerSideEncryptionByDefault')
  const algorithm = byDefault?.textOf('SSEAlgorithm')
  if (rules.length !== 1 || !algorithm) throw malformedXml()
  if (algorithm === 'aws:kms:dsse') throw notImplemented(algorithm)
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms') throw malformedXml()
  const keyId = byDefault?.textOf('KMSMasterKeyID')
  if (keyId && algorithm === 'AES256')
    throw invalidArgument(
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      'ApplyServerSideEncryptionByDefault',
    )
  return { algorithm, bucketKey: rules[0]?.textOf('BucketKeyEnabled') === 'true', ...(keyId && { keyId }) }
}
