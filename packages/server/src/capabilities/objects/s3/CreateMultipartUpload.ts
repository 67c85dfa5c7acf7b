import { s3 } from '#kernel/declare.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { XML_NAMESPACE } from '../bucket.ts'
import { mustFindBucket } from '../bucket-store.ts'
import { newEncryption } from '../content.ts'
import { findObject } from '../object-store.ts'
import { checkKey, makingAccess } from '../put.ts'
import { encryptionContext, encryptionHeaders, saidOfObject, wantedEncryption } from '../said.ts'
import { chosenChecksums } from '../upload.ts'
import { insertUpload } from '../upload-store.ts'

export const CreateMultipartUpload = s3('CreateMultipartUpload', 'POST object?uploads', {
  access: makingAccess,

  async handle(request, call) {
    const { key } = request
    const said = saidOfObject(request)
    const checksums = chosenChecksums(request)
    checkKey(key)
    const bucket = await call.read((db) => mustFindBucket(db, request.bucket))
    const wanted = wantedEncryption(request, bucket)
    const encryption = await newEncryption(call, bucket, key, wanted, encryptionContext(request))
    const id = call.ids.secret(64)
    await call.write(async (tx) => {
      await mustFindBucket(tx, bucket.name)
      const before = (await findObject(tx, bucket.name, key))?.contentId ?? null
      const attributes = { ...said, ...checksums, encryption, before }
      await insertUpload(tx, { id, bucket: bucket.name, key, initiatedAt: call.now, attributes })
    })
    const content = { Bucket: bucket.name, Key: key, UploadId: id }
    return {
      headers: {
        ...encryptionHeaders(encryption),
        'x-amz-checksum-algorithm': checksums.checksumAlgorithm,
        'x-amz-checksum-type': checksums.checksumType,
      },
      body: xmlDocument('InitiateMultipartUploadResult', content, XML_NAMESPACE),
    }
  },
})
