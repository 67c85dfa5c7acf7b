/**
 * Bytes of a terminal as text, and back, without loss. A terminal shows UTF-8, but what programs write need not be. A byte that is part
 * of no character becomes one of the code units U+DC80 to U+DCFF, which stand alone in no text that was UTF-8; JSON writes them
 * as escapes, so a recording stays a valid file for every other player.
 */

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** Where bytes that are no UTF-8 go. */
const ESCAPES = 0xdc00

/** Turns pieces of bytes into pieces of text; a character that a piece ends within is kept for the next. */
export class LosslessDecoder {
  #rest = new Uint8Array(0)

  decode(bytes: Uint8Array): string {
    const all = this.#rest.length > 0 ? joined(this.#rest, bytes) : bytes
    const whole = all.length - openCharacter(all)
    this.#rest = all.slice(whole)
    return toText(all.subarray(0, whole))
  }

  /** What was kept, which no more bytes complete. */
  end(): string {
    const rest = toText(this.#rest)
    this.#rest = new Uint8Array(0)
    return rest
  }
}

/** The bytes that a text was made of. */
export function losslessBytes(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text)
  const parts = text
    .split(/([\udc80-\udcff]+)/u)
    .map((part, index) => (index % 2 === 0 ? encoder.encode(part) : escaped(part)))
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function escaped(part: string): Uint8Array {
  return Uint8Array.from(part, (unit) => unit.charCodeAt(0) - ESCAPES)
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}

/** How many bytes at the end may be the beginning of a character. */
export function openCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return lengthAfter(byte) > back ? back : 0
  }
  return 0
}

/** Of the character that begins with this byte; 0 if none does. */
function lengthAfter(byte: number): number {
  if (byte < 0xc2 || byte > 0xf4) return 0
  if (byte < 0xe0) return 2
  return byte < 0xf0 ? 3 : 4
}

function toText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return withEscapes(bytes)
  }
}

function withEscapes(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = characterAt(bytes, at)
    parts.push(length > 0 ? strict.decode(bytes.subarray(at, at + length)) : String.fromCharCode(ESCAPES + bytes[at]!))
    at += length || 1
  }
  return parts.join('')
}

/** The length of the run of ASCII, or of the one character, that begins here; 0 if none does. */
function characterAt(bytes: Uint8Array, start: number): number {
  let end = start
  while (end < bytes.length && bytes[end]! < 0x80) end++
  if (end > start) return end - start
  const first = bytes[start]!
  const length = lengthAfter(first)
  if (length === 0 || start + length > bytes.length) return 0
  for (let at = start + 1; at < start + length; at++) if ((bytes[at]! & 0xc0) !== 0x80) return 0
  const second = bytes[start + 1]!
  // Too long for its character, half of a pair, or beyond the last one.
  if (first === 0xe0 && second < 0xa0) return 0
  if (first === 0xed && second > 0x9f) return 0
  if (first === 0xf0 && second < 0x90) return 0
  if (first === 0xf4 && second > 0x8f) return 0
  return length
}
