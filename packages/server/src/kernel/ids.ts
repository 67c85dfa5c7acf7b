import { randomBytes, randomUUID, randomUUIDv7 } from 'node:crypto'

/** Where ids come from; a test may hand in a counting one. */
export interface Ids {
  /** A lower-case UUID v4. */
  uuid(): string
  /** A lower-case UUID v7: later ones sort behind earlier ones, so rows that have it as their key are stored side by side. */
  orderedUuid(): string
  /** `digits` random lower-case hexadecimal digits. */
  hex(digits: number): string
  /** `length` random characters of A–Z, a–z, 0–9. */
  secret(length: number): string
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  orderedUuid: () => randomUUIDv7(),
  hex: (digits) =>
    randomBytes(Math.ceil(digits / 2))
      .toString('hex')
      .slice(0, digits),
  secret(length) {
    let text = ''
    while (text.length < length) {
      // 248 is the largest multiple of 62 in a byte: above it a remainder would favour the first letters.
      for (const byte of randomBytes(length)) if (byte < 248 && text.length < length) text += ALPHABET[byte % 62]
    }
    return text
  },
}
