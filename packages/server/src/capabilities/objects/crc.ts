/**
 * CRC-32C and CRC-64/NVME, and how the CRC of a whole follows from those of its parts. Both are reflected, with all bits set before and
 * inverted after. Eight bytes are taken at a time, each from a table of its own («slicing by eight»).
 */

const POLYNOMIALS = {
  CRC32: { width: 32n, bits: 0xedb88320n },
  CRC32C: { width: 32n, bits: 0x82f63b78n },
  CRC64NVME: { width: 64n, bits: 0x9a6c9329ac4bc9b5n },
} as const

export type CrcAlgorithm = keyof typeof POLYNOMIALS

/** Eight tables of 256 entries, one behind the other, in low and high halves. */
function slices(algorithm: CrcAlgorithm): { low: Uint32Array; high: Uint32Array } {
  const { bits } = POLYNOMIALS[algorithm]
  const table: bigint[] = []
  for (let index = 0; index < 2048; index += 1) {
    let crc = index < 256 ? BigInt(index) : table[index - 256]!
    if (index < 256) for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ bits : crc >> 1n
    else crc = (crc >> 8n) ^ table[Number(crc & 0xffn)]!
    table.push(crc)
  }
  return {
    low: Uint32Array.from(table, (crc) => Number(crc & 0xffffffffn)),
    high: Uint32Array.from(table, (crc) => Number(crc >> 32n)),
  }
}

const table32 = once(() => slices('CRC32C').low)
const table64 = once(() => slices('CRC64NVME'))

export class Crc32c {
  #crc = -1

  update(bytes: Uint8Array): void {
    const t = table32()
    const { buffer, byteOffset, length } = bytes
    const view = new DataView(buffer, byteOffset, length)
    let crc = this.#crc
    let at = 0
    for (; at + 8 <= length; at += 8) {
      const a = crc ^ view.getInt32(at, true)
      const b = view.getInt32(at + 4, true)
      crc =
        t[1792 + (a & 255)]! ^
        t[1536 + ((a >>> 8) & 255)]! ^
        t[1280 + ((a >>> 16) & 255)]! ^
        t[1024 + (a >>> 24)]! ^
        t[768 + (b & 255)]! ^
        t[512 + ((b >>> 8) & 255)]! ^
        t[256 + ((b >>> 16) & 255)]! ^
        t[b >>> 24]!
    }
    for (; at < length; at += 1) crc = t[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8)
    this.#crc = crc
  }

  base64(): string {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(~this.#crc)
    return bytes.toString('base64')
  }
}

export class Crc64Nvme {
  #low = -1
  #high = -1

  update(bytes: Uint8Array): void {
    const { low: l, high: h } = table64()
    const { buffer, byteOffset, length } = bytes
    const view = new DataView(buffer, byteOffset, length)
    let low = this.#low
    let high = this.#high
    let at = 0
    for (; at + 8 <= length; at += 8) {
      const a = low ^ view.getInt32(at, true)
      const b = high ^ view.getInt32(at + 4, true)
      const i0 = 1792 + (a & 255)
      const i1 = 1536 + ((a >>> 8) & 255)
      const i2 = 1280 + ((a >>> 16) & 255)
      const i3 = 1024 + (a >>> 24)
      const i4 = 768 + (b & 255)
      const i5 = 512 + ((b >>> 8) & 255)
      const i6 = 256 + ((b >>> 16) & 255)
      const i7 = b >>> 24
      low = l[i0]! ^ l[i1]! ^ l[i2]! ^ l[i3]! ^ l[i4]! ^ l[i5]! ^ l[i6]! ^ l[i7]!
      high = h[i0]! ^ h[i1]! ^ h[i2]! ^ h[i3]! ^ h[i4]! ^ h[i5]! ^ h[i6]! ^ h[i7]!
    }
    for (; at < length; at += 1) {
      const index = (low ^ bytes[at]!) & 255
      low = l[index]! ^ ((low >>> 8) | (high << 24))
      high = h[index]! ^ (high >>> 8)
    }
    this.#low = low
    this.#high = high
  }

  base64(): string {
    const bytes = Buffer.alloc(8)
    bytes.writeInt32BE(~this.#high, 0)
    bytes.writeInt32BE(~this.#low, 4)
    return bytes.toString('base64')
  }
}

/** The CRC of `first` followed by `second`, which has so many bytes. All in base64. */
export function joinedCrc(algorithm: CrcAlgorithm, first: string, second: string, secondBytes: number): string {
  const { width } = POLYNOMIALS[algorithm]
  const moved = product(algorithm, fromBase64(first), power(algorithm, 8n * BigInt(secondBytes)))
  const joined = moved ^ fromBase64(second)
  return Buffer.from(joined.toString(16).padStart(Number(width) / 4, '0'), 'hex').toString('base64')
}

function fromBase64(text: string): bigint {
  return BigInt(`0x${Buffer.from(text, 'base64').toString('hex')}`)
}

/** x to that power, modulo the polynomial; the highest bit is x⁰. */
function power(algorithm: CrcAlgorithm, exponent: bigint): bigint {
  const { width } = POLYNOMIALS[algorithm]
  let result = 1n << (width - 1n)
  let square = 1n << (width - 2n)
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = product(algorithm, result, square)
    square = product(algorithm, square, square)
  }
  return result
}

function product(algorithm: CrcAlgorithm, a: bigint, b: bigint): bigint {
  const { width, bits } = POLYNOMIALS[algorithm]
  let result = 0n
  let shifted = b
  for (let mask = 1n << (width - 1n); mask > 0n; mask >>= 1n) {
    if (a & mask) result ^= shifted
    shifted = shifted & 1n ? (shifted >> 1n) ^ bits : shifted >> 1n
  }
  return result
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
