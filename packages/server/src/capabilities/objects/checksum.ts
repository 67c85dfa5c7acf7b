/** The checksums that S3's clients send and ask for, always in base64. */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { Crc32c, Crc64Nvme } from './crc.ts'

export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256', 'SHA512', 'MD5'] as const
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number]

/** `COMPOSITE`: of the checksums of the parts, so it says how many there are. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE'

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm
  readonly value: string
  readonly type: ChecksumType
}

/** What every object gets whose sender chose none. */
export const DEFAULT_ALGORITHM = 'CRC64NVME'

export interface Digest {
  update(bytes: Uint8Array): void
  base64(): string
}

export function digestOf(algorithm: ChecksumAlgorithm): Digest {
  switch (algorithm) {
    case 'CRC32':
      return new Crc32()
    case 'CRC32C':
      return new Crc32c()
    case 'CRC64NVME':
      return new Crc64Nvme()
    default: {
      const hash = createHash(algorithm.toLowerCase())
      return { update: (bytes) => void hash.update(bytes), base64: () => hash.digest('base64') }
    }
  }
}

class Crc32 implements Digest {
  #value = 0

  update(bytes: Uint8Array): void {
    this.#value = crc32(bytes, this.#value)
  }

  base64(): string {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(this.#value)
    return bytes.toString('base64')
  }
}

/** The header, and the member of XML, that carries a checksum: `x-amz-checksum-crc32`, `ChecksumCRC32`. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`
}

export function checksumMember(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`
}

/** The digest of several parts' digests, as S3 makes ETags and composite checksums: `<digest>-<parts>`. */
export function composite(algorithm: ChecksumAlgorithm, parts: readonly string[]): string {
  const digest = digestOf(algorithm)
  for (const part of parts) digest.update(Buffer.from(part, 'base64'))
  return `${digest.base64()}-${parts.length}`
}

/** Whether the text has the form of a checksum of the algorithm. */
export function isChecksum(algorithm: ChecksumAlgorithm, text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && Buffer.from(text, 'base64').length === LENGTHS[algorithm]
}

const LENGTHS: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
  MD5: 16,
}
