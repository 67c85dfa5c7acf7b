const LINE_FEED = 10

/** Reads bytes that arrive in pieces of any size, by lines or by number. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** The next line without its end; undefined where the source ends before it, or it has more than `limit` bytes. */
  async line(limit: number): Promise<string | undefined> {
    let end = this.#rest.indexOf(LINE_FEED)
    while (end < 0) {
      if (this.#rest.length > limit || !(await this.#more())) return undefined
      end = this.#rest.indexOf(LINE_FEED)
    }
    if (end > limit) return undefined
    const text = this.#rest.toString('latin1', 0, end)
    this.#rest = this.#rest.subarray(end + 1)
    return text.endsWith('\r') ? text.slice(0, -1) : text
  }

  /** Some of the next `limit` bytes, as many as are here; undefined at the end. */
  async some(limit: number): Promise<Buffer | undefined> {
    if (this.#rest.length === 0 && !(await this.#more())) return undefined
    const bytes = this.#rest.subarray(0, limit)
    this.#rest = this.#rest.subarray(bytes.length)
    return bytes
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#source.next()
    if (done) return false
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value])
    return true
  }
}
