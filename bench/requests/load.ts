/**
 * Sends signed requests over kept connections, each connection one at a time, as fast as they are answered; in a process of its own
 * (load-process.ts). Requests are signed and written out beforehand, and of an answer nothing is read but its status and
 * length, so that the server is what is measured.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { signedHeaders } from '../api.ts'
import type { Load, LoadResult } from './load-process.ts'

process.on('message', async (load: Load) => process.send!(await run(load)))
process.on('disconnect', () => process.exit())

async function run(load: Load): Promise<LoadResult> {
  const requests = load.bodies.map((body) => wire(load, body))
  const connections = Array.from({ length: load.connections }, () => new Connection(load.url, requests))
  await Promise.all(connections.map((connection) => connection.opened))
  const began = performance.now()
  for (const connection of connections) connection.begin()
  await new Promise((resolve) => setTimeout(resolve, load.seconds * 1000))
  const seconds = (performance.now() - began) / 1000
  for (const connection of connections) connection.end()
  const sum = (of: (connection: Connection) => number) => connections.reduce((total, each) => total + of(each), 0)
  return { perSecond: sum(({ answered }) => answered) / seconds, refused: sum(({ refused }) => refused) }
}

function wire({ url, operation }: Load, body: string): Buffer {
  const headers = { ...signedHeaders(url, operation, body), 'content-length': Buffer.byteLength(body) }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`POST / HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

const HEAD_END = Buffer.from('\r\n\r\n')

class Connection {
  readonly opened: Promise<unknown>
  answered = 0
  refused = 0
  readonly #socket: Socket
  readonly #requests: readonly Buffer[]
  /** Bytes of the answer that are still to come; undefined while its head is not complete. */
  #missing: number | undefined
  #head: Buffer = Buffer.alloc(0)

  constructor(url: string, requests: readonly Buffer[]) {
    const { hostname, port } = new URL(url)
    this.#requests = requests
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true })
    this.opened = once(this.#socket, 'connect')
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk))
  }

  begin(): void {
    this.#missing = undefined
    this.#socket.write(this.#requests[Math.floor(Math.random() * this.#requests.length)]!)
  }

  end(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    if (this.#missing === undefined) this.#readHead(chunk)
    else this.#missing -= chunk.length
    if (this.#missing !== undefined && this.#missing <= 0) {
      this.answered++
      this.begin()
    }
  }

  #readHead(chunk: Buffer): void {
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
    const end = this.#head.indexOf(HEAD_END)
    if (end < 0) return
    const head = this.#head.toString('latin1', 0, end)
    if (!head.startsWith('HTTP/1.1 200')) this.refused++
    this.#missing = Number(/content-length: (\d+)/i.exec(head)?.[1]) - (this.#head.length - end - HEAD_END.length)
    this.#head = Buffer.alloc(0)
  }
}
