import { s3 } from '#kernel/declare.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { bucketArn, ownerOf, XML_NAMESPACE } from '../bucket.ts'
import { mustFindBucket } from '../bucket-store.ts'
import { notImplemented } from '../errors.ts'
import { encodingOf, limitOf } from '../list.ts'
import { listUploads } from '../upload-store.ts'

export const ListMultipartUploads = s3('ListMultipartUploads', 'GET bucket?uploads', {
  access: ({ bucket }) => ({ action: 's3:ListBucketMultipartUploads', resources: [bucketArn(bucket)] }),

  async handle(request, call) {
    const { bucket, query } = request
    const { type, encode } = encodingOf(request)
    if (query.get('delimiter')) throw notImplemented('a delimiter in a list of multipart uploads')
    const limit = limitOf(request, 'max-uploads')
    const prefix = query.get('prefix') ?? ''
    const [afterKey, afterId] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? '']
    const found = await call.read(async (db) => {
      await mustFindBucket(db, bucket)
      return listUploads(db, bucket, { prefix, afterKey, afterId, limit: limit + 1 })
    })
    const uploads = found.slice(0, limit)
    const isTruncated = limit > 0 && found.length > limit
    const last = isTruncated ? uploads.at(-1) : undefined
    const owner = ownerOf(call.scope.account)
    const Upload = uploads.map(({ id, key, initiatedAt, attributes }) => ({
      UploadId: id,
      Key: encode(key),
      Initiated: initiatedAt,
      StorageClass: attributes.storageClass,
      Owner: owner,
      Initiator: owner,
      ChecksumAlgorithm: attributes.checksumAlgorithm,
      ChecksumType: attributes.checksumType,
    }))
    const content = {
      Bucket: bucket,
      KeyMarker: encode(afterKey),
      UploadIdMarker: afterId,
      NextKeyMarker: last && encode(last.key),
      NextUploadIdMarker: last?.id,
      Prefix: encode(prefix),
      EncodingType: type,
      MaxUploads: limit,
      IsTruncated: isTruncated,
      Upload,
    }
    return { body: xmlDocument('ListMultipartUploadsResult', content, XML_NAMESPACE) }
  },
})
