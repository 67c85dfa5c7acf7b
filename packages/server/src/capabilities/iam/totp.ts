/** Time-based one-time passwords as in RFC 6238: six digits of HMAC-SHA-1 over the number of the half minute. */
import { createHmac } from 'node:crypto'

const PERIOD_MS = 30_000
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The number of the code that is shown at `now`. */
export function codeNumberAt(now: Date): number {
  return Math.floor(now.getTime() / PERIOD_MS)
}

export function codeOf(seed: Uint8Array, codeNumber: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(codeNumber))
  const mac = createHmac('sha1', seed).update(counter).digest()
  const offset = mac[mac.length - 1]! & 0xf
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}

/** The number of the last of these codes, which follow each other, within `reach` of `around`; undefined if it is none. */
export function findCodes(
  seed: Uint8Array,
  codes: readonly string[],
  around: number,
  reach: number,
): number | undefined {
  // Nearest first: should a code come twice, the likely one is meant.
  for (let distance = 0; distance <= reach; distance++) {
    const last = [around - distance, around + distance].find((number) =>
      codes.every((code, index) => codeOf(seed, number - codes.length + 1 + index) === code),
    )
    if (last !== undefined) return last
  }
  return undefined
}

/** As authenticator apps take a seed; without padding. */
export function toBase32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((group) => BASE32[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')
}
