/** ListObjects of both versions, and ListObjectVersions: of every object there is the one version that has no id. */
import { type S3Call, type S3Request, s3 } from '#kernel/declare.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { bucketArn, XML_NAMESPACE } from '../bucket.ts'
import { mustFindBucket } from '../bucket-store.ts'
import { invalidArgument } from '../errors.ts'
import { commonPrefix, encodingOf, type Listed, limitOf, listConditions, listKeys, objectXml } from '../list.ts'

const access = (action: string) => (request: S3Request) => ({
  action,
  resources: [bucketArn(request.bucket)],
  context: listConditions(request),
})

export const ListObjectsV2 = s3('ListObjectsV2', 'GET bucket?list-type=2', {
  access: access('s3:ListBucket'),

  async handle(request, call) {
    const { query } = request
    const { type, encode } = encodingOf(request)
    const token = query.get('continuation-token')
    const listed = await page(request, call, token === null ? (query.get('start-after') ?? '') : keyOf(token))
    const owner = query.get('fetch-owner') === 'true' ? call.scope.account : undefined
    const { objects, prefixes, next } = listed
    return listing('ListBucketResult', {
      ...common(request, listed, encode, type),
      ContinuationToken: token ?? undefined,
      NextContinuationToken: next === undefined ? undefined : tokenOf(next),
      StartAfter: token === null && query.has('start-after') ? encode(query.get('start-after')!) : undefined,
      KeyCount: objects.length + prefixes.length,
      Contents: objects.map((object) => objectXml(object, encode, owner)),
    })
  },
})

export const ListObjects = s3('ListObjects', 'GET bucket', {
  access: access('s3:ListBucket'),

  async handle(request, call) {
    const { type, encode } = encodingOf(request)
    const { query } = request
    const marker = query.get('marker') ?? ''
    // A marker within what is rolled up leaves all of that behind, unlike `start-after` (recorded 2025-01).
    const rolledUp = commonPrefix(marker, query.get('prefix') ?? '', query.get('delimiter') ?? '')
    const listed = await page(request, call, rolledUp ?? marker)
    const { objects, next } = listed
    return listing('ListBucketResult', {
      ...common(request, listed, encode, type),
      Marker: encode(marker),
      // Without a delimiter the last key is the marker.
      NextMarker: next !== undefined && query.get('delimiter') ? encode(next) : undefined,
      Contents: objects.map((object) => objectXml(object, encode, call.scope.account)),
    })
  },
})

export const ListObjectVersions = s3('ListObjectVersions', 'GET bucket?versions', {
  access: access('s3:ListBucketVersions'),

  async handle(request, call) {
    const { type, encode } = encodingOf(request)
    const marker = request.query.get('key-marker') ?? ''
    const version = request.query.get('version-id-marker')
    if (version && marker === '')
      throw invalidArgument(
        'A version-id marker cannot be specified without a key marker.',
        'version-id-marker',
        version,
      )
    const listed = await page(request, call, marker)
    const { objects, next } = listed
    const versions = objects.map((object) => ({
      ...objectXml(object, encode, call.scope.account),
      VersionId: 'null',
      IsLatest: true,
    }))
    return listing('ListVersionsResult', {
      ...common(request, listed, encode, type),
      KeyMarker: encode(marker),
      VersionIdMarker: version ?? '',
      NextKeyMarker: next === undefined ? undefined : encode(next),
      NextVersionIdMarker: next === undefined ? undefined : 'null',
      Version: versions,
    })
  },
})

function page(request: S3Request, call: S3Call, after: string): Promise<Listed> {
  const { bucket, query } = request
  const limit = limitOf(request, 'max-keys')
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? '']
  return call.read(async (db) => {
    await mustFindBucket(db, bucket)
    return listKeys(db, { bucket, prefix, delimiter, after, limit })
  })
}

function common(request: S3Request, listed: Listed, encode: (text: string) => string, type: 'url' | undefined) {
  const { bucket, query } = request
  const delimiter = query.get('delimiter')
  return {
    Name: bucket,
    Prefix: encode(query.get('prefix') ?? ''),
    MaxKeys: limitOf(request, 'max-keys'),
    Delimiter: delimiter ? encode(delimiter) : undefined,
    EncodingType: type,
    IsTruncated: listed.next !== undefined,
    CommonPrefixes: listed.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  }
}

function listing(root: string, content: Parameters<typeof xmlDocument>[1]): { body: string } {
  return { body: xmlDocument(root, content, XML_NAMESPACE) }
}

/** A token is nothing but the key after which to go on: what it leads to is decided on anew. */
function tokenOf(key: string): string {
  return `1${Buffer.from(key).toString('base64url')}`
}

function keyOf(token: string): string {
  if (!/^1[\w-]*$/.test(token))
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token')
  return Buffer.from(token.slice(1), 'base64url').toString()
}
