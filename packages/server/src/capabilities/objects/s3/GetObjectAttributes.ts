import { s3 } from '#kernel/declare.ts'
import { type XmlContent, xmlDocument } from '#kernel/xml.ts'
import { objectArn, XML_NAMESPACE } from '../bucket.ts'
import { checksumMember } from '../checksum.ts'
import { invalidArgument, invalidRequest } from '../errors.ts'
import { mustFindObject, readingAccess } from '../get.ts'
import { MAX_KEYS } from '../list.ts'
import type { Part, StoredObject } from '../object.ts'
import { partsOf } from '../object-store.ts'

const KNOWN = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize']

export const GetObjectAttributes = s3('GetObjectAttributes', 'GET object?attributes', {
  access: async (request, call) => [
    ...(await readingAccess(request, call)),
    { action: 's3:GetObjectAttributes', resources: [objectArn(request.bucket, request.key)] },
  ],

  async handle(request, call) {
    const asked = (request.header('x-amz-object-attributes') ?? '').split(',').map((name) => name.trim())
    if (asked.join('') === '')
      throw invalidRequest(
        'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty',
      )
    if (!asked.every((name) => KNOWN.includes(name))) throw invalidArgument('Invalid attribute name specified.')
    const { object } = await mustFindObject(call, request)
    const limit = Math.min(MAX_KEYS, Number(request.header('x-amz-max-parts') ?? MAX_KEYS))
    const marker = Number(request.header('x-amz-part-number-marker') ?? 0)
    const isMultipart = asked.includes('ObjectParts') && object.etag.includes('-')
    const parts = isMultipart ? await call.read((db) => partsOf(db, object.contentId)) : []
    const { checksum, storageClass } = object.attributes
    const all: Record<string, XmlContent> = {
      ETag: object.etag,
      Checksum: checksum && {
        [checksumMember(checksum.algorithm)]: withoutParts(checksum.value),
        ChecksumType: checksum.type,
      },
      ObjectParts: isMultipart ? partsXml(object, parts, marker, limit) : undefined,
      StorageClass: storageClass,
      ObjectSize: object.size,
    }
    const content = Object.fromEntries(KNOWN.filter((name) => asked.includes(name)).map((name) => [name, all[name]]))
    const headers = { 'last-modified': object.modifiedAt.toUTCString() }
    return { headers, body: xmlDocument('GetObjectAttributesResponse', content, XML_NAMESPACE) }
  },
})

function partsXml({ attributes }: StoredObject, parts: readonly Part[], marker: number, limit: number): XmlContent {
  const rest = parts.filter(({ number }) => number > marker)
  const shown = rest.slice(0, limit)
  const member = attributes.checksum && checksumMember(attributes.checksum.algorithm)
  return {
    PartsCount: parts.length,
    PartNumberMarker: marker,
    NextPartNumberMarker: shown.at(-1)?.number ?? 0,
    MaxParts: limit,
    IsTruncated: rest.length > limit,
    Part: shown.map(({ number, size, checksum }) => ({
      PartNumber: number,
      Size: size,
      ...(member && { [member]: checksum }),
    })),
  }
}

/** Here alone a checksum of checksums does not tell of how many. */
function withoutParts(checksum: string): string {
  return checksum.replace(/-\d+$/, '')
}
