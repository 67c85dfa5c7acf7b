import { s3 } from '#kernel/declare.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { objectArn, XML_NAMESPACE } from '../bucket.ts'
import { mustFindBucket } from '../bucket-store.ts'
import { checksumHeader, checksumMember } from '../checksum.ts'
import { removableAt } from '../content.ts'
import { badChecksum, invalidRequest } from '../errors.ts'
import type { StoredObject } from '../object.ts'
import { findObject, partsOf, putObject, removeParts } from '../object-store.ts'
import { checkWriting } from '../preconditions.ts'
import { headerConditions } from '../put.ts'
import { encryptionHeaders } from '../said.ts'
import { checksumOf, etagOf, listedParts, readParts } from '../upload.ts'
import { forgetUpload, mustFindUpload } from '../upload-store.ts'
import { xmlOf } from '../xml-body.ts'

export const CompleteMultipartUpload = s3('CompleteMultipartUpload', 'POST object?uploadId', {
  access: (request) => ({
    action: 's3:PutObject',
    resources: [objectArn(request.bucket, request.key)],
    context: headerConditions(request),
  }),

  async handle(request, call) {
    const { bucket, key, bucketUrl, query } = request
    const uploadId = query.get('uploadId')!
    const listed = readParts(await xmlOf(request, 'CompleteMultipartUpload'))
    const object = await call.write(async (tx) => {
      await mustFindBucket(tx, bucket)
      const upload = await mustFindUpload(tx, bucket, key, uploadId)
      const uploaded = await partsOf(tx, uploadId)
      const parts = listedParts(upload, listed, uploaded)
      const { checksumAlgorithm: _algorithm, checksumType: _type, before, ...attributes } = upload.attributes
      const object: StoredObject = {
        bucket,
        key,
        contentId: uploadId,
        size: parts.reduce((sum, { size }) => sum + size, 0),
        etag: etagOf(parts),
        modifiedAt: call.now,
        attributes: { ...attributes, checksum: checksumOf(upload, parts) },
      }
      checkStated(object)
      checkWriting(request, await findObject(tx, bucket, key), before)
      await forgetUpload(tx, uploadId)
      await putObject(tx, object, removableAt(call.now))
      const kept = new Set(parts.map(({ number }) => number))
      const left = uploaded.map(({ number }) => number).filter((number) => !kept.has(number))
      if (left.length > 0) await removeParts(tx, uploadId, removableAt(call.now), left)
      return object
    })
    const { checksum, encryption } = object.attributes
    const content = {
      Location: `${bucketUrl}/${encodeURIComponent(key)}`,
      Bucket: bucket,
      Key: key,
      ETag: `"${object.etag}"`,
      ...(checksum && { [checksumMember(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type }),
    }
    const body = xmlDocument('CompleteMultipartUploadResult', content, XML_NAMESPACE)
    return { headers: encryptionHeaders(encryption), body }

    /** What the sender says of the whole must be so. */
    function checkStated({ size, attributes: { checksum } }: StoredObject): void {
      const stated = checksum && request.header(checksumHeader(checksum.algorithm))
      if (stated !== undefined && stated !== checksum?.value) throw badChecksum(checksum!.algorithm)
      const statedSize = request.header('x-amz-mp-object-size')
      if (statedSize !== undefined && Number(statedSize) !== size)
        throw invalidRequest('The provided x-amz-mp-object-size header value does not match the size of the object.')
    }
  },
})
