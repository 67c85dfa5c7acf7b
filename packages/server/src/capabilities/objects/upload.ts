/** Multipart uploads: parts in any order, and what becomes of them. */
import { createHash } from 'node:crypto'
import { ApiError } from '#kernel/api-error.ts'
import type { S3Call, S3Request } from '#kernel/declare.ts'
import type { Xml } from '#kernel/xml.ts'
import type { Bucket } from './bucket.ts'
import { mustFindBucket } from './bucket-store.ts'
import {
  CHECKSUM_ALGORITHMS,
  type Checksum,
  type ChecksumAlgorithm,
  type ChecksumType,
  checksumMember,
  composite,
  DEFAULT_ALGORITHM,
} from './checksum.ts'
import { contentKeyOf, discardFile, removableAt, type Written, writeFile } from './content.ts'
import { type CrcAlgorithm, joinedCrc } from './crc.ts'
import { invalidArgument, invalidPart, invalidRequest, malformedXml } from './errors.ts'
import type { Part, Upload, UploadAttributes } from './object.ts'
import { putPart } from './object-store.ts'
import { namedAlgorithm } from './stated-checksum.ts'
import { mustFindUpload } from './upload-store.ts'

const MAX_PARTS = 10_000
const MIN_PART = 5 * 1024 * 1024

/** The checksums that the sender chose for an upload. Throws `InvalidRequest`. */
export function chosenChecksums(request: S3Request): Pick<UploadAttributes, 'checksumAlgorithm' | 'checksumType'> {
  const algorithm = namedAlgorithm(request)
  const type = request.header('x-amz-checksum-type')?.toUpperCase()
  if (type !== undefined && type !== 'FULL_OBJECT' && type !== 'COMPOSITE')
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.')
  if (!algorithm) {
    if (type)
      throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.')
    return {}
  }
  const usual = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE'
  const chosen: ChecksumType = type ?? usual
  const possible = chosen === 'FULL_OBJECT' ? algorithm.startsWith('CRC') : algorithm !== 'CRC64NVME'
  if (!possible)
    throw invalidRequest(
      `The ${chosen} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    )
  return { checksumAlgorithm: algorithm, checksumType: chosen }
}

/** The upload and part that a request names. Throws `InvalidArgument`. */
function partOf({ query }: S3Request): { uploadId: string; number: number } {
  const number = Number(query.get('partNumber'))
  if (!Number.isInteger(number) || number < 1 || number > MAX_PARTS)
    throw invalidArgument(
      `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`,
      'partNumber',
      query.get('partNumber') ?? '',
    )
  return { uploadId: query.get('uploadId')!, number }
}

export async function openUpload(request: S3Request, call: S3Call): Promise<{ bucket: Bucket; upload: Upload }> {
  const { bucket, key, query } = request
  return call.read(async (db) => ({
    bucket: await mustFindBucket(db, bucket),
    upload: await mustFindUpload(db, bucket, key, query.get('uploadId') ?? ''),
  }))
}

/** With which checksum the parts of an upload are kept. */
export function partAlgorithm({ attributes }: Upload): ChecksumAlgorithm {
  return attributes.checksumAlgorithm ?? DEFAULT_ALGORITHM
}

/** Writes a part; `check` throws unless it is what was meant. `also`: a further checksum to compute. */
export async function makePart(
  request: S3Request,
  call: S3Call,
  {
    body,
    also,
    check,
  }: { body: AsyncIterable<Buffer>; also?: ChecksumAlgorithm | undefined; check(written: Written): void },
): Promise<{ part: Part; upload: Upload }> {
  const { uploadId, number } = partOf(request)
  const { bucket, upload } = await openUpload(request, call)
  const contentKey = await contentKeyOf(call, bucket, upload.attributes.encryption)
  const algorithm = partAlgorithm(upload)
  const written = await writeFile(call, contentKey, body, also ? [algorithm, also] : [algorithm])
  try {
    check(written)
    const { file, size, md5, checksums } = written
    const part = {
      number,
      file,
      size,
      etag: md5.toString('hex'),
      checksum: checksums.get(algorithm),
      modifiedAt: call.now,
    }
    await call.write(async (tx) => {
      // It may have been completed or aborted meanwhile.
      await mustFindUpload(tx, request.bucket, request.key, uploadId)
      await putPart(tx, uploadId, part, removableAt(call.now))
    })
    return { part, upload }
  } catch (error) {
    await discardFile(call, written.file)
    throw error
  }
}

interface ListedPart {
  readonly number: number
  readonly etag: string
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>
}

/** The parts that a request to complete lists. Throws `MalformedXML`, `InvalidPartOrder`. */
export function readParts(xml: Xml): ListedPart[] {
  const parts = xml.all('Part').map((part) => ({
    number: Number(part.textOf('PartNumber')),
    etag: (part.textOf('ETag') ?? '').replace(/^"|"$/g, ''),
    checksums: new Map(
      CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
        const value = part.textOf(checksumMember(algorithm))
        return value ? [[algorithm, value] as const] : []
      }),
    ),
  }))
  if (parts.length === 0 || parts.length > MAX_PARTS || parts.some(({ number }) => !Number.isInteger(number)))
    throw malformedXml()
  if (parts.some(({ number }, index) => index > 0 && number <= parts[index - 1]!.number)) {
    throw new ApiError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    )
  }
  return parts
}

/** The uploaded parts that are listed. Throws `InvalidPart`, `EntityTooSmall`. */
export function listedParts(upload: Upload, listed: readonly ListedPart[], uploaded: readonly Part[]): Part[] {
  const byNumber = new Map(uploaded.map((part) => [part.number, part]))
  const algorithm = partAlgorithm(upload)
  const parts = listed.map(({ number, etag, checksums }) => {
    const part = byNumber.get(number)
    const stated = checksums.get(algorithm)
    if (part?.etag !== etag || (stated !== undefined && stated !== part.checksum))
      throw invalidPart({ PartNumber: String(number), ETag: etag, UploadId: upload.id })
    return part
  })
  if (parts.slice(0, -1).some(({ size }) => size < MIN_PART))
    throw new ApiError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size')
  return parts
}

/** The MD5 of the parts' MD5s, and how many there are. */
export function etagOf(parts: readonly Part[]): string {
  const hash = createHash('md5')
  for (const { etag } of parts) hash.update(etag, 'hex')
  return `${hash.digest('hex')}-${parts.length}`
}

/** The checksum of the whole, from those of its parts. */
export function checksumOf(upload: Upload, parts: readonly Part[]): Checksum {
  const algorithm = partAlgorithm(upload)
  const type = upload.attributes.checksumType ?? 'FULL_OBJECT'
  const values = parts.map(({ checksum }) => checksum!)
  if (type === 'COMPOSITE') return { algorithm, type, value: composite(algorithm, values) }
  const value = values.reduce((first, second, index) =>
    joinedCrc(algorithm as CrcAlgorithm, first, second, parts[index]!.size),
  )
  return { algorithm, type, value }
}
