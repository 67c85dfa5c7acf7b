import { s3 } from '#kernel/declare.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { objectArn, ownerOf, XML_NAMESPACE } from '../bucket.ts'
import { checksumMember } from '../checksum.ts'
import { countOf, limitOf } from '../list.ts'
import { partsOf } from '../object-store.ts'
import { openUpload, partAlgorithm } from '../upload.ts'

export const ListParts = s3('ListParts', 'GET object?uploadId', {
  access: ({ bucket, key }) => ({ action: 's3:ListMultipartUploadParts', resources: [objectArn(bucket, key)] }),

  async handle(request, call) {
    const marker = countOf(request, 'part-number-marker', 0)
    const limit = limitOf(request, 'max-parts')
    const { upload } = await openUpload(request, call)
    const found = await call.read((db) => partsOf(db, upload.id, marker + 1, limit + 1))
    const parts = found.slice(0, limit)
    const { checksumAlgorithm, checksumType, storageClass } = upload.attributes
    // Those of an algorithm that nobody named are nobody's business.
    const member = checksumAlgorithm && checksumMember(partAlgorithm(upload))
    const Part = parts.map(({ number, modifiedAt, etag, size, checksum }) => ({
      PartNumber: number,
      LastModified: modifiedAt,
      ETag: `"${etag}"`,
      Size: size,
      ...(member && { [member]: checksum }),
    }))
    const owner = ownerOf(call.scope.account)
    const content = {
      Bucket: upload.bucket,
      Key: upload.key,
      UploadId: upload.id,
      Initiator: owner,
      Owner: owner,
      StorageClass: storageClass,
      PartNumberMarker: marker,
      NextPartNumberMarker: parts.at(-1)?.number ?? 0,
      MaxParts: limit,
      IsTruncated: found.length > limit,
      ChecksumAlgorithm: checksumAlgorithm,
      ChecksumType: checksumType,
      Part,
    }
    return { body: xmlDocument('ListPartsResult', content, XML_NAMESPACE) }
  },
})
