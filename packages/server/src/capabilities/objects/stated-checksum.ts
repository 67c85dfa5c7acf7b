/** The checksum that a request states of its body, in a header or behind the body. */
import type { S3Request } from '#kernel/declare.ts'
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm, checksumHeader, digestOf, isChecksum } from './checksum.ts'
import { badChecksum, invalidRequest, notImplemented } from './errors.ts'

export class StatedChecksum {
  readonly algorithm: ChecksumAlgorithm
  readonly #request: S3Request

  constructor(request: S3Request, algorithm: ChecksumAlgorithm) {
    this.#request = request
    this.algorithm = algorithm
  }

  /** Throws `BadDigest` unless the whole body, once it was read, has this digest. */
  checkDigest(base64: string): void {
    const name = checksumHeader(this.algorithm)
    const stated = this.#request.header(name) ?? this.#request.body.trailers.get(name)
    if (stated === undefined || !isChecksum(this.algorithm, stated))
      throw invalidRequest(`Value for ${name} header is invalid.`)
    if (stated !== base64) throw badChecksum(this.algorithm)
  }

  check(bytes: Uint8Array): void {
    const digest = digestOf(this.algorithm)
    digest.update(bytes)
    this.checkDigest(digest.base64())
  }
}

/** Undefined if none is stated. Throws `InvalidRequest` for several, or for one that is announced and cannot be. */
export function statedChecksum(request: S3Request): StatedChecksum | undefined {
  const stated = CHECKSUM_ALGORITHMS.filter((algorithm) => {
    const name = checksumHeader(algorithm)
    return request.header(name) !== undefined || request.body.announces(name)
  })
  if (stated.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.')
  }
  const algorithm = stated[0]
  return algorithm && new StatedChecksum(request, algorithm)
}

/** The algorithm that the request names without stating a checksum. Throws `InvalidRequest`. */
export function namedAlgorithm(request: S3Request): ChecksumAlgorithm | undefined {
  const name = request.header('x-amz-sdk-checksum-algorithm') ?? request.header('x-amz-checksum-algorithm')
  if (name === undefined) return undefined
  const known = CHECKSUM_ALGORITHMS.find((one) => one === name.toUpperCase())
  if (known) return known
  if (/^XXHASH/i.test(name)) throw notImplemented(`checksums by ${name}`)
  throw invalidRequest(
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: ' +
      `[${CHECKSUM_ALGORITHMS.join(', ')}]`,
  )
}
