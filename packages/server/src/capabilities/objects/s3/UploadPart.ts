import { s3 } from '#kernel/declare.ts'
import { objectArn } from '../bucket.ts'
import { checksumHeader } from '../checksum.ts'
import { invalidRequest } from '../errors.ts'
import { checkLength, headerConditions } from '../put.ts'
import { encryptionHeaders } from '../said.ts'
import { statedChecksum } from '../stated-checksum.ts'
import { makePart, openUpload, partAlgorithm } from '../upload.ts'
import { checkMd5 } from '../xml-body.ts'

export const UploadPart = s3('UploadPart', 'PUT object?partNumber&uploadId', {
  access: (request) => ({
    action: 's3:PutObject',
    resources: [objectArn(request.bucket, request.key)],
    context: headerConditions(request),
  }),

  async handle(request, call) {
    checkLength(request)
    const stated = statedChecksum(request)
    const { attributes } = (await openUpload(request, call)).upload
    const chosen = attributes.checksumAlgorithm
    if (stated && chosen && stated.algorithm !== chosen) {
      throw invalidRequest(
        `Checksum Type mismatch occurred, expected checksum Type: ${chosen.toLowerCase()}, actual checksum Type: ` +
          stated.algorithm.toLowerCase(),
      )
    }
    const { part, upload } = await makePart(request, call, {
      body: request.body,
      also: stated?.algorithm,
      check(written) {
        checkMd5(request, written.md5)
        stated?.checkDigest(written.checksums.get(stated.algorithm)!)
      },
    })
    return {
      headers: {
        etag: `"${part.etag}"`,
        [checksumHeader(partAlgorithm(upload))]: part.checksum,
        ...encryptionHeaders(attributes.encryption),
      },
    }
  },
})
