/*
 * SHA-256 (FIPS 180-4) in plain JavaScript. Browsers have it only as a promise, and only in secure contexts; frames must
 * leave in the order in which they were made, so their digest has to be there at once.
 */
const roundConstants = primes(64).map((prime) => fraction(Math.cbrt(prime)))
const initialState = primes(8).map((prime) => fraction(Math.sqrt(prime)))
const K = new Uint32Array(roundConstants)
const W = new Uint32Array(64)

const blockLength = 64

/** The digest of the bytes, 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Sha256().update(bytes).digest()
}

/** A digest of bytes that come piece by piece. */
export class Sha256 {
  readonly #state = new Uint32Array(initialState)
  /** What does not fill a block yet. */
  #rest = new Uint8Array(0)
  #length = 0

  update(bytes: Uint8Array): this {
    const missing = this.#rest.length === 0 ? 0 : blockLength - this.#rest.length
    this.#length += bytes.length
    if (missing > 0) {
      this.#rest = joined(this.#rest, bytes.subarray(0, missing))
      if (this.#rest.length < blockLength) return this
      compress(this.#state, this.#rest, 0)
    }
    const whole = bytes.length - ((bytes.length - missing) % blockLength)
    for (let at = missing; at < whole; at += blockLength) compress(this.#state, bytes, at)
    this.#rest = bytes.slice(whole)
    return this
  }

  /** Of all that came so far; more may come. 32 bytes. */
  digest(): Uint8Array {
    const state = this.#state.slice()
    const end = padded(this.#rest, this.#length)
    for (let at = 0; at < end.length; at += blockLength) compress(state, end, at)
    const digest = new DataView(new ArrayBuffer(32))
    state.forEach((word, i) => {
      digest.setUint32(i * 4, word)
    })
    return new Uint8Array(digest.buffer)
  }

  /** The digest in hexadecimal, as `sha256sum` prints it. */
  hex(): string {
    return Array.from(this.digest(), (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(one.length + other.length)
  all.set(one)
  all.set(other, one.length)
  return all
}

/** The last bytes, a one bit, zeros, and the length of all in bits. */
function padded(rest: Uint8Array, length: number): Uint8Array {
  const end = new Uint8Array(rest.length + 9 > blockLength ? 2 * blockLength : blockLength)
  end.set(rest)
  end[rest.length] = 0x80
  const view = new DataView(end.buffer)
  view.setUint32(end.length - 8, Math.floor(length / 2 ** 29))
  view.setUint32(end.length - 4, (length * 8) >>> 0)
  return end
}

function compress(state: Uint32Array, bytes: Uint8Array, at: number): void {
  schedule(bytes, at)
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i += 1) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const first = (h + sum1 + ((e & f) ^ (~e & g)) + K[i]! + W[i]!) | 0
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const second = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  const worked = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i += 1) state[i] = state[i]! + worked[i]!
}

function schedule(bytes: Uint8Array, at: number): void {
  for (let i = 0, from = at; i < 16; i += 1, from += 4) {
    W[i] = (bytes[from]! << 24) | (bytes[from + 1]! << 16) | (bytes[from + 2]! << 8) | bytes[from + 3]!
  }
  for (let i = 16; i < 64; i += 1) {
    const x = W[i - 15]!
    const y = W[i - 2]!
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    W[i] = W[i - 16]! + s0 + W[i - 7]! + s1
  }
}

function primes(count: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n += 1) if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
}

/** The first 32 bits behind the point. */
function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32)
}
