import { randomBytes } from 'node:crypto'
import { ApiError } from '#kernel/api-error.ts'
import { type S3Request, s3 } from '#kernel/declare.ts'
import { readXml } from '#kernel/xml.ts'
import { bucketArn, checkBucketName } from '../bucket.ts'
import { bucketKeyAad, findBucket, insertBucket } from '../bucket-store.ts'
import { malformedXml, noAcls, notImplemented } from '../errors.ts'
import { checkTags, tagOf } from '../tags.ts'
import { textOf } from '../xml-body.ts'

export const CreateBucket = s3('CreateBucket', 'PUT bucket', {
  access: ({ bucket }) => ({ action: 's3:CreateBucket', resources: [bucketArn(bucket)] }),

  async handle(request, call) {
    const { bucket: name } = request
    checkBucketName(name)
    refuseWhatIsNotBuilt(request)
    const { account, region: asked } = call.scope
    const { region = 'us-east-1', tags } = await readConfiguration(request)
    if (region !== asked) throw otherRegion(region, asked)
    const sealedKey = call.vault.seal(randomBytes(32), bucketKeyAad(name))
    await call.write(async (tx) => {
      const present = await findBucket(tx, name)
      if (present && present.account !== account) throw taken()
      // In the oldest Region it is no error, for clients of the days when it was not; those knew nothing of tags.
      if (present && (region !== 'us-east-1' || tags)) throw alreadyYours()
      const settings = tags ? { tags } : {}
      if (!present)
        await insertBucket(tx, { name, account, region, createdAt: call.now.toISOString(), settings, sealedKey })
    })
    return { headers: { location: `/${name}`, 'x-amz-bucket-arn': bucketArn(name) } }
  },
})

async function readConfiguration(request: S3Request): Promise<{ region?: string; tags?: Record<string, string> }> {
  const text = await textOf(request)
  if (text.trim() === '') return {}
  const xml = readXml(text)
  if (xml?.name !== 'CreateBucketConfiguration') throw malformedXml()
  if (xml.first('Location') || xml.first('Bucket')) throw notImplemented('buckets of a directory')
  const tags = xml.first('Tags')?.all('Tag') ?? []
  const region = xml.textOf('LocationConstraint')
  return {
    ...(region && { region: region === 'EU' ? 'eu-west-1' : region }),
    ...(tags.length > 0 && { tags: checkTags(tags.map(tagOf), 'bucket') }),
  }
}

function refuseWhatIsNotBuilt(request: S3Request): void {
  const { 'x-amz-acl': acl = 'private', ...headers } = request.headersUnder('')
  if (acl !== 'private')
    throw new ApiError(
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    )
  if (Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'))) throw noAcls()
  if (headers['x-amz-bucket-object-lock-enabled']?.toLowerCase() === 'true') throw notImplemented('Object Lock')
  const ownership = headers['x-amz-object-ownership'] ?? 'BucketOwnerEnforced'
  if (ownership !== 'BucketOwnerEnforced') throw notImplemented(`x-amz-object-ownership: ${ownership}`)
}

function otherRegion(region: string, asked: string): ApiError {
  return asked === 'us-east-1'
    ? new ApiError('InvalidLocationConstraint', 'The specified location-constraint is not valid')
    : new ApiError(
        'IllegalLocationConstraintException',
        region === 'us-east-1'
          ? 'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.'
          : `The ${region} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      )
}

function taken(): ApiError {
  return new ApiError(
    'BucketAlreadyExists',
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a ' +
      'different name and try again.',
  )
}

function alreadyYours(): ApiError {
  return new ApiError(
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
  )
}
