/**
 * The lines of a recording are chained: the hash of a line covers the hash of the one before, so the last hash stands for the whole file,
 * however it was cut into pieces. The header has a random salt, so that nobody who sees hashes only can try what was shown.
 */
import * as crypto from 'node:crypto'

/** What stands before the header. */
export const CAST_GENESIS = '0'.repeat(64)

/** Hexadecimal SHA-256 of the hash before, a line feed, and the line, whose bytes are UTF-8. */
export function castHash(previous: string, line: string | Uint8Array): string {
  return crypto.createHash('sha256').update(`${previous}\n`).update(line).digest('hex')
}
