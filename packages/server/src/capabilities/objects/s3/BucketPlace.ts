/** What clients ask of every bucket although it has one answer here: where it is, and what it does not have. */
import { ApiError } from '#kernel/api-error.ts'
import { type S3Operation, s3 } from '#kernel/declare.ts'
import { type XmlContent, xmlDocument } from '#kernel/xml.ts'
import { bucketArn, XML_NAMESPACE } from '../bucket.ts'
import { mustFindBucket } from '../bucket-store.ts'
import { malformedXml, notImplemented } from '../errors.ts'
import { xmlOf } from '../xml-body.ts'

export const GetBucketLocation = s3('GetBucketLocation', 'GET bucket?location', {
  access: ({ bucket }) => ({ action: 's3:GetBucketLocation', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    const { region } = await call.read((db) => mustFindBucket(db, bucket))
    // The oldest Region has no name here.
    return { body: xmlDocument('LocationConstraint', region === 'us-east-1' ? '' : region, XML_NAMESPACE) }
  },
})

/** Of an object there is one version; a bucket that keeps several is not built. */
export const PutBucketVersioning = s3('PutBucketVersioning', 'PUT bucket?versioning', {
  access: ({ bucket }) => ({ action: 's3:PutBucketVersioning', resources: [bucketArn(bucket)] }),

  async handle(request, call) {
    const xml = await xmlOf(request, 'VersioningConfiguration')
    await call.read((db) => mustFindBucket(db, request.bucket))
    const status = xml.textOf('Status')
    if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml()
    throw notImplemented('versioning')
  },
})

/** Taken as long as it asks for nothing. */
export const PutBucketNotificationConfiguration = s3('PutBucketNotificationConfiguration', 'PUT bucket?notification', {
  access: ({ bucket }) => ({ action: 's3:PutBucketNotification', resources: [bucketArn(bucket)] }),

  async handle(request, call) {
    const { children } = await xmlOf(request, 'NotificationConfiguration')
    await call.read((db) => mustFindBucket(db, request.bucket))
    if (children.length > 0) throw notImplemented('notifications of buckets')
    return {}
  },
})

export const GetBucketVersioning = empty('GetBucketVersioning', 'versioning', 'VersioningConfiguration')
export const GetBucketNotificationConfiguration = empty(
  'GetBucketNotificationConfiguration',
  'notification',
  'NotificationConfiguration',
  's3:GetBucketNotification',
)
export const GetBucketLogging = empty('GetBucketLogging', 'logging', 'BucketLoggingStatus')
export const GetBucketAccelerateConfiguration = empty(
  'GetBucketAccelerateConfiguration',
  'accelerate',
  'AccelerateConfiguration',
  's3:GetAccelerateConfiguration',
)
export const GetBucketRequestPayment = empty(
  'GetBucketRequestPayment',
  'requestPayment',
  'RequestPaymentConfiguration',
  's3:GetBucketRequestPayment',
  { Payer: 'BucketOwner' },
)
export const GetBucketWebsite = missing(
  'GetBucketWebsite',
  'website',
  'NoSuchWebsiteConfiguration',
  'The specified bucket does not have a website configuration',
)
export const GetBucketReplication = missing(
  'GetBucketReplication',
  'replication',
  'ReplicationConfigurationNotFoundError',
  'The replication configuration was not found',
  's3:GetReplicationConfiguration',
)
export const GetObjectLockConfiguration = missing(
  'GetObjectLockConfiguration',
  'object-lock',
  'ObjectLockConfigurationNotFoundError',
  'Object Lock configuration does not exist for this bucket',
  's3:GetBucketObjectLockConfiguration',
)

function empty(
  name: string,
  query: string,
  root: string,
  action = `s3:${name}`,
  content: XmlContent = '',
): S3Operation {
  return s3(name, `GET bucket?${query}`, {
    access: ({ bucket }) => ({ action, resources: [bucketArn(bucket)] }),

    async handle({ bucket }, call) {
      await call.read((db) => mustFindBucket(db, bucket))
      return { body: xmlDocument(root, content, XML_NAMESPACE) }
    },
  })
}

function missing(name: string, query: string, code: string, message: string, action = `s3:${name}`): S3Operation {
  return s3(name, `GET bucket?${query}`, {
    access: ({ bucket }) => ({ action, resources: [bucketArn(bucket)] }),

    async handle({ bucket }, call) {
      await call.read((db) => mustFindBucket(db, bucket))
      throw new ApiError(code, message)
    },
  })
}
