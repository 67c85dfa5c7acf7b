import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'

/** Every MiB of a large download is another; none can be compressed or mistaken. */
const BLOCK = randomBytes(1 << 20)

/** A web server on an address of this machine, for what is carried through ports of nodes. */
export class Origin implements AsyncDisposable {
  readonly #server: Server
  /** The most requests that were open at the same time. */
  mostAtOnce = 0
  #open = 0
  readonly #gate: { readonly wanted: number; readonly waiting: (() => void)[] } = { wanted: 0, waiting: [] }

  private constructor() {
    this.#server = createServer((asked, answer) => {
      this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#open)
      answer.once('close', () => this.#open--)
      const { pathname, searchParams } = new URL(asked.url!, 'http://origin')
      if (pathname === '/large') return void Readable.from(large(Number(searchParams.get('mebibytes')))).pipe(answer)
      this.#whenAllAreHere(Number(searchParams.get('together') ?? 0), () => answer.end(`You asked for ${pathname}.`))
    })
  }

  static async listen(address = '127.0.0.1'): Promise<Origin> {
    const origin = new Origin()
    origin.#server.listen(0, address)
    await once(origin.#server, 'listening')
    return origin
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** Answers only when so many ask at the same time: a proof that connections are parallel. */
  #whenAllAreHere(together: number, answer: () => void): void {
    this.#gate.waiting.push(answer)
    if (this.#gate.waiting.length < together) return
    for (const go of this.#gate.waiting.splice(0)) go()
  }
}

function* large(mebibytes: number): Generator<Buffer> {
  for (let i = 0; i < mebibytes; i++) yield block(i)
}

function block(number: number): Buffer {
  const bytes = Buffer.from(BLOCK)
  bytes.writeUInt32BE(number)
  return bytes
}

/** SHA-256 of a large download. */
export function sumOfLarge(mebibytes: number): string {
  const hash = createHash('sha256')
  for (const bytes of large(mebibytes)) hash.update(bytes)
  return hash.digest('hex')
}

/** The answer of a GET over a connection of its own, hashed as it comes. */
export async function get(url: string): Promise<{ bytes: number; sum: string; start: string }> {
  const asked = request(url, { agent: false }).end()
  const [answer] = (await once(asked, 'response')) as [AsyncIterable<Buffer>]
  const hash = createHash('sha256')
  let bytes = 0
  let start = ''
  for await (const chunk of answer) {
    if (bytes === 0) start = chunk.subarray(0, 200).toString('latin1')
    bytes += chunk.length
    hash.update(chunk)
  }
  return { bytes, sum: hash.digest('hex'), start }
}
