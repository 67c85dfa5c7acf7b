/** CopyObject and UploadPartCopy: the server reads what it is to write. */
import { type S3Call, type S3Request, s3 } from '#kernel/declare.ts'
import { xmlDocument } from '#kernel/xml.ts'
import { objectArn, XML_NAMESPACE } from '../bucket.ts'
import { mustFindBucket } from '../bucket-store.ts'
import { checksumMember, DEFAULT_ALGORITHM } from '../checksum.ts'
import { openSource, sourceAccess, sourceNamed } from '../copy-source.ts'
import { invalidArgument, invalidRequest } from '../errors.ts'
import type { StoredObject } from '../object.ts'
import { checkKey, headerConditions, makeObject, makingAccess } from '../put.ts'
import { encryptionHeaders, type Said, saidOfObject } from '../said.ts'
import { namedAlgorithm } from '../stated-checksum.ts'
import { makePart, partAlgorithm } from '../upload.ts'

export const CopyObject = s3('CopyObject', 'PUT object', {
  withHeader: 'x-amz-copy-source',
  access: async (request, call) => [...(await sourceAccess(request, call)), ...(await makingAccess(request, call))],

  async handle(request, call) {
    const said = saidOfObject(request)
    checkKey(request.key)
    const bucket = await call.read((db) => mustFindBucket(db, request.bucket))
    const { source, content } = await openSource(request, call)
    refuseNoChange(request)
    const algorithm = namedAlgorithm(request) ?? source.attributes.checksum?.algorithm ?? DEFAULT_ALGORITHM
    const object = await makeObject(call, bucket, request, {
      said: saidOfCopy(request, said, source),
      body: content,
      algorithm,
      check: () => {},
    })
    const { checksum, encryption } = object.attributes
    const result = {
      LastModified: object.modifiedAt,
      ETag: `"${object.etag}"`,
      ...(checksum && { [checksumMember(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type }),
    }
    return { headers: encryptionHeaders(encryption), body: xmlDocument('CopyObjectResult', result, XML_NAMESPACE) }
  },
})

export const UploadPartCopy = s3('UploadPartCopy', 'PUT object?partNumber&uploadId', {
  withHeader: 'x-amz-copy-source',
  access: async (request, call) => [
    ...(await sourceAccess(request, call)),
    {
      action: 's3:PutObject',
      resources: [objectArn(request.bucket, request.key)],
      context: headerConditions(request),
    },
  ],

  async handle(request: S3Request, call: S3Call) {
    const { content } = await openSource(request, call)
    const { part, upload } = await makePart(request, call, { body: content, check: () => {} })
    const result = {
      LastModified: part.modifiedAt,
      ETag: `"${part.etag}"`,
      ...(upload.attributes.checksumAlgorithm && { [checksumMember(partAlgorithm(upload))]: part.checksum }),
    }
    const headers = encryptionHeaders(upload.attributes.encryption)
    return { headers, body: xmlDocument('CopyPartResult', result, XML_NAMESPACE) }
  },
})

/** A copy is like its source, unless it is told to be as the request says. */
function saidOfCopy(request: S3Request, said: Said, { attributes }: StoredObject): Said {
  const own = directive(request, 'x-amz-metadata-directive') ? said : attributes
  const tags = directive(request, 'x-amz-tagging-directive') ? said.tags : attributes.tags
  return { headers: own.headers, metadata: own.metadata, tags, storageClass: said.storageClass }
}

/** Whether it is to be replaced. */
function directive(request: S3Request, name: string): boolean {
  const value = request.header(name) ?? 'COPY'
  if (value === 'COPY' || value === 'REPLACE') return value === 'REPLACE'
  throw invalidArgument(`Unknown ${name === 'x-amz-metadata-directive' ? 'metadata' : 'tagging'} directive.`)
}

const CHANGES = [
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
  'x-amz-server-side-encryption',
  'x-amz-checksum-algorithm',
] as const

function refuseNoChange(request: S3Request): void {
  const source = sourceNamed(request)
  const isItself = source.bucket === request.bucket && source.key === request.key
  const changes = CHANGES.some((name) => request.header(name) !== undefined)
  if (!isItself || changes || directive(request, 'x-amz-metadata-directive')) return
  throw invalidRequest(
    'This copy request is illegal because it is trying to copy an object to itself without changing the ' +
      "object's metadata, storage class, website redirect location or encryption attributes.",
  )
}
