/**
 * QR codes as in ISO/IEC 18004: bytes, error correction level M, the smallest version that holds the text, up to version 20. The mask is
 * always the first: readers accept each of the eight, and what is written here is random enough to look well under any.
 */

/** Rows of modules, true for dark ones. Around it there must be four light ones on each side. */
export type QrCode = readonly (readonly boolean[])[]

/** Of level M, by version: how many codewords of error correction a block has, and how many blocks there are. */
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26]
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16]

/** Level M and mask 0, which are both written as zeros. */
const FORMAT = 0

/** Squares around a middle, from the inside out; true for dark ones. A finder's last one keeps data away from it. */
const FINDER = [true, true, false, true, false]
const ALIGNMENT = [true, false, true]

/** Throws a `RangeError` for more than 666 bytes. */
export function qrCode(text: string): QrCode {
  const bytes = Buffer.from(text)
  const version = CORRECTION.findIndex((_, index) => bytes.length <= capacity(index + 1)) + 1
  if (version === 0) throw new RangeError(`A QR code of ours cannot hold ${bytes.length} bytes.`)
  const grid = new Grid(version)
  grid.drawPatterns()
  grid.drawCodewords(interleaved(dataCodewords(bytes, version), version))
  return grid.rows()
}

/** The bytes that a version holds besides mode and length. */
function capacity(version: number): number {
  return dataLength(version) - (version < 10 ? 2 : 3)
}

function dataLength(version: number): number {
  return totalCodewords(version) - CORRECTION[version - 1]! * BLOCKS[version - 1]!
}

/** What is left of the square after the patterns, in bytes. */
function totalCodewords(version: number): number {
  const aligned = version === 1 ? 0 : Math.floor(version / 7) + 2
  const alignment = version === 1 ? 0 : (25 * aligned - 10) * aligned - 55
  return Math.floor(((16 * version + 128) * version + 64 - alignment - (version >= 7 ? 36 : 0)) / 8)
}

/** Mode, length, bytes, end; then padding. */
function dataCodewords(bytes: Buffer, version: number): number[] {
  const length = bytes.length.toString(2).padStart(version < 10 ? 8 : 16, '0')
  const body = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  const bits = `0100${length}${body}0000`
  const words = (bits.match(/.{8}/g) ?? []).map((word) => Number.parseInt(word, 2))
  for (let padding = 0xec; words.length < dataLength(version); padding ^= 0xec ^ 0x11) words.push(padding)
  return words
}

/** Cuts the data into blocks, corrects each, and takes turns between them, as a scratch then hurts each a little. */
function interleaved(data: readonly number[], version: number): number[] {
  const count = BLOCKS[version - 1]!
  const short = Math.floor(data.length / count)
  const long = data.length % count
  const blocks: number[][] = []
  for (let index = 0, at = 0; index < count; index++) {
    const length = short + (index < count - long ? 0 : 1)
    blocks.push(data.slice(at, at + length))
    at += length
  }
  const divisor = generator(CORRECTION[version - 1]!)
  return [...inTurns(blocks), ...inTurns(blocks.map((block) => remainder(block, divisor)))]
}

function inTurns(blocks: readonly number[][]): number[] {
  const longest = Math.max(...blocks.map(({ length }) => length))
  return Array.from({ length: longest }, (_, index) => blocks.flatMap((block) => block[index] ?? [])).flat()
}

/** Reed–Solomon: the product of (x − 2^i), without its leading 1. */
function generator(degree: number): number[] {
  const result = [...Array.from({ length: degree - 1 }, () => 0), 1]
  for (let i = 0, root = 1; i < degree; i++, root = multiply(root, 2)) {
    for (let j = 0; j < degree; j++) result[j] = multiply(result[j]!, root) ^ (result[j + 1] ?? 0)
  }
  return result
}

function remainder(block: readonly number[], divisor: readonly number[]): number[] {
  const result = divisor.map(() => 0)
  for (const byte of block) {
    const factor = byte ^ result.shift()!
    result.push(0)
    for (const [index, coefficient] of divisor.entries()) result[index]! ^= multiply(coefficient, factor)
  }
  return result
}

/** In the field of 256 elements with the polynomial 0x11D. */
function multiply(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d)
    product ^= ((b >>> bit) & 1) * a
  }
  return product
}

/** The square of modules while it is drawn. */
class Grid {
  readonly #version: number
  readonly #size: number
  /** Undefined: nothing yet, so data may go there. */
  readonly #modules: (boolean | undefined)[][]

  constructor(version: number) {
    this.#version = version
    this.#size = 17 + 4 * version
    this.#modules = Array.from({ length: this.#size }, () => Array.from({ length: this.#size }, () => undefined))
  }

  rows(): QrCode {
    return this.#modules.map((row) => row.map((dark) => dark === true))
  }

  drawPatterns(): void {
    const last = this.#size - 1
    for (const [x, y] of [
      [3, 3],
      [last - 3, 3],
      [3, last - 3],
    ] as const)
      this.#drawRings(x, y, FINDER)
    for (const [x, y] of this.#alignments()) this.#drawRings(x, y, ALIGNMENT)
    for (let i = 8; i < last - 7; i++) {
      this.#set(6, i, i % 2 === 0)
      this.#set(i, 6, i % 2 === 0)
    }
    this.#drawFormat()
    if (this.#version >= 7) this.#drawVersion()
  }

  /** In columns of two from the right, up and down in turns, past what is drawn already; the mask is a chessboard. */
  drawCodewords(words: readonly number[]): void {
    let bit = 0
    for (let right = this.#size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5
      for (let step = 0; step < this.#size; step++) {
        const y = ((right + 1) & 2) === 0 ? this.#size - 1 - step : step
        for (const x of [right, right - 1]) {
          if (this.#modules[y]![x] !== undefined) continue
          const dark = (((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1
          this.#set(x, y, dark !== ((x + y) % 2 === 0))
          bit++
        }
      }
    }
  }

  #drawRings(x: number, y: number, rings: readonly boolean[]): void {
    const radius = rings.length - 1
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        const inside = [x + dx, y + dy].every((place) => place >= 0 && place < this.#size)
        if (inside) this.#set(x + dx, y + dy, rings[Math.max(Math.abs(dx), Math.abs(dy))]!)
      }
    }
  }

  #alignments(): [number, number][] {
    if (this.#version === 1) return []
    const count = Math.floor(this.#version / 7) + 2
    const distance = Math.ceil((this.#version * 4 + 4) / (count * 2 - 2)) * 2
    const last = this.#size - 7
    const places = [6, ...Array.from({ length: count - 1 }, (_, index) => last - index * distance).reverse()]
    const corners = [`6 6`, `6 ${last}`, `${last} 6`]
    return places
      .flatMap((x) => places.map((y): [number, number] => [x, y]))
      .filter(([x, y]) => !corners.includes(`${x} ${y}`))
  }

  #drawFormat(): void {
    const bits = corrected(FORMAT, 5, 0x537) ^ 0x5412
    const dark = (index: number) => ((bits >> index) & 1) === 1
    for (let i = 0; i < 15; i++) {
      if (i < 8) this.#set(this.#size - 1 - i, 8, dark(i))
      else this.#set(8, this.#size - 15 + i, dark(i))
      if (i < 6) this.#set(8, i, dark(i))
      else if (i < 8) this.#set(8, i + 1, dark(i))
      else if (i === 8) this.#set(7, 8, dark(i))
      else this.#set(14 - i, 8, dark(i))
    }
    this.#set(8, this.#size - 8, true)
  }

  #drawVersion(): void {
    const bits = corrected(this.#version, 6, 0x1f25)
    for (let i = 0; i < 18; i++) {
      const [a, b] = [this.#size - 11 + (i % 3), Math.floor(i / 3)]
      this.#set(a, b, ((bits >> i) & 1) === 1)
      this.#set(b, a, ((bits >> i) & 1) === 1)
    }
  }

  #set(x: number, y: number, dark: boolean): void {
    this.#modules[y]![x] = dark
  }
}

/** A BCH code: `value` followed by what remains of it when divided by `divisor`. */
function corrected(value: number, bits: number, divisor: number): number {
  const degree = Math.floor(Math.log2(divisor))
  let rest = value << degree
  for (let bit = bits + degree - 1; bit >= degree; bit--) if ((rest >> bit) & 1) rest ^= divisor << (bit - degree)
  return (value << degree) | rest
}
