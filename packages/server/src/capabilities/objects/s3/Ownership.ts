/** ACLs and who owns objects: the owner of the bucket owns them all, and ACLs have no say. */
import { type S3Call, type S3Request, s3 } from '#kernel/declare.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { bucketArn, objectArn, ownerOf, XML_NAMESPACE } from '../bucket.ts'
import { mustFindBucket } from '../bucket-store.ts'
import { malformedXml, noAcls, notImplemented } from '../errors.ts'
import { mustFindObject } from '../get.ts'
import { xmlOf } from '../xml-body.ts'

const ENFORCED = 'BucketOwnerEnforced'

export const GetBucketOwnershipControls = s3('GetBucketOwnershipControls', 'GET bucket?ownershipControls', {
  access: ({ bucket }) => ({ action: 's3:GetBucketOwnershipControls', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    await call.read((db) => mustFindBucket(db, bucket))
    return { body: xmlDocument('OwnershipControls', { Rule: { ObjectOwnership: ENFORCED } }, XML_NAMESPACE) }
  },
})

export const PutBucketOwnershipControls = s3('PutBucketOwnershipControls', 'PUT bucket?ownershipControls', {
  access: ({ bucket }) => ({ action: 's3:PutBucketOwnershipControls', resources: [bucketArn(bucket)] }),

  async handle(request, call) {
    const wanted = (await xmlOf(request, 'OwnershipControls')).first('Rule')?.textOf('ObjectOwnership')
    if (!wanted) throw malformedXml()
    if (wanted !== ENFORCED) throw notImplemented(`object ownership ${wanted}`)
    await call.read((db) => mustFindBucket(db, request.bucket))
    return {}
  },
})

export const GetBucketAcl = s3('GetBucketAcl', 'GET bucket?acl', {
  access: ({ bucket }) => ({ action: 's3:GetBucketAcl', resources: [bucketArn(bucket)] }),

  async handle({ bucket }, call) {
    await call.read((db) => mustFindBucket(db, bucket))
    return aclOf(call)
  },
})

export const PutBucketAcl = s3('PutBucketAcl', 'PUT bucket?acl', {
  access: ({ bucket }) => ({ action: 's3:PutBucketAcl', resources: [bucketArn(bucket)] }),
  handle: refuse,
})

export const GetObjectAcl = s3('GetObjectAcl', 'GET object?acl', {
  access: ({ bucket, key }) => ({ action: 's3:GetObjectAcl', resources: [objectArn(bucket, key)] }),

  async handle(request, call) {
    await mustFindObject(call, request)
    return aclOf(call)
  },
})

export const PutObjectAcl = s3('PutObjectAcl', 'PUT object?acl', {
  access: ({ bucket, key }) => ({ action: 's3:PutObjectAcl', resources: [objectArn(bucket, key)] }),
  handle: refuse,
})

/** One changes nothing and is taken: that the owner of the bucket has everything. */
async function refuse(request: S3Request, call: S3Call): Promise<object> {
  if (request.key) await mustFindObject(call, request)
  else await call.read((db) => mustFindBucket(db, request.bucket))
  const harmless = request.key ? ['bucket-owner-full-control'] : ['private']
  if (!harmless.includes(request.header('x-amz-acl') ?? '')) throw noAcls()
  return {}
}

/** The type of a grantee is an attribute, which nothing else of S3's XML has. */
function aclOf({ scope }: S3Call): { body: string } {
  const owner = ownerOf(scope.account)
  const content = {
    Owner: owner,
    AccessControlList: { Grant: { Grantee: owner, Permission: 'FULL_CONTROL' } },
  }
  const typed = '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">'
  return { body: xmlDocument('AccessControlPolicy', content, XML_NAMESPACE).replace('<Grantee>', typed) }
}
