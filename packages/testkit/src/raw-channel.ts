/**
 * The agent's end of a control channel, bare: one TCP connection on which the token is asked for, which then becomes the WebSocket. An
 * ordinary client would cost more than the server it is to measure, so requests arrive here as finished bytes, and of the
 * WebSocket protocol there is what a server sends to an agent: unfragmented frames, pings, a close. Frames are masked with
 * zeros, which is a mask like any other.
 */
import { connect, type Socket } from 'node:net'

export interface RawChannelParts {
  readonly host: string
  readonly port: number
  /** CreateControlChannel, as it goes over the wire. */
  readonly create: Buffer
  /** The request that opens the WebSocket, likewise. */
  readonly open: Buffer
  /** The channel is open, with the token that the server issued; the token frame is for the caller to send. */
  onOpen(token: string): void
  /** A binary frame; its bytes are only good until this returns. */
  onFrame(payload: Uint8Array): void
  /** The connection ended or never came to be. Called once. */
  onClose(): void
}

const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export class RawChannel {
  readonly #parts: RawChannelParts
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #token: string | undefined
  #open = false

  constructor(parts: RawChannelParts) {
    this.#parts = parts
    this.#socket = connect({ host: parts.host, port: parts.port, noDelay: true })
    this.#socket.on('connect', () => this.#socket.write(parts.create))
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    // A close follows.
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => parts.onClose())
    this.#socket.on('end', () => this.#socket.destroy())
  }

  sendText(text: string): void {
    this.#socket.write(masked(OPCODE.text, Buffer.from(text)))
  }

  /** Sends the frames together. */
  sendFrames(payloads: readonly Uint8Array[]): void {
    const frames = payloads.map((payload) => masked(OPCODE.binary, payload))
    this.#socket.write(frames.length === 1 ? frames[0]! : Buffer.concat(frames))
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    while (this.#open ? this.#takeFrame() : this.#takeResponse());
  }

  #takeFrame(): boolean {
    const bytes = this.#received
    if (bytes.length < 2) return false
    const code = bytes[1]! & 0x7f
    const start = code === 127 ? 10 : code === 126 ? 4 : 2
    if (bytes.length < start) return false
    const length = code === 127 ? Number(bytes.readBigUInt64BE(2)) : code === 126 ? bytes.readUInt16BE(2) : code
    if (bytes.length < start + length) return false
    this.#received = bytes.subarray(start + length)
    this.#handle(bytes[0]! & 0x0f, bytes.subarray(start, start + length))
    return true
  }

  #handle(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.binary) this.#parts.onFrame(payload)
    else if (opcode === OPCODE.ping) this.#socket.write(masked(OPCODE.pong, payload))
    else if (opcode === OPCODE.close) this.#socket.destroy()
  }

  #takeResponse(): boolean {
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return false
    const head = this.#received.toString('latin1', 0, end)
    const bodyEnd = end + 4 + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
    if (this.#received.length < bodyEnd) return false
    const body = this.#received.toString('utf8', end + 4, bodyEnd)
    this.#received = this.#received.subarray(bodyEnd)
    this.#answered(head.slice(9, 12), body)
    return true
  }

  #answered(status: string, body: string): void {
    if (status === '201') {
      this.#token = /<TokenValue>([^<]+)/.exec(body)?.[1]
      this.#socket.write(this.#parts.open)
    } else if (status === '101' && this.#token !== undefined) {
      this.#open = true
      this.#parts.onOpen(this.#token)
    } else this.#socket.destroy()
  }
}

function masked(opcode: number, payload: Uint8Array): Buffer {
  const wide = payload.length > 65_535 ? 8 : payload.length > 125 ? 2 : 0
  const start = 2 + wide + 4
  const frame = Buffer.allocUnsafe(start + payload.length).fill(0, 0, start)
  frame[0] = 0x80 | opcode
  frame[1] = 0x80 | (wide === 8 ? 127 : wide === 2 ? 126 : payload.length)
  if (wide === 8) frame.writeBigUInt64BE(BigInt(payload.length), 2)
  else if (wide === 2) frame.writeUInt16BE(payload.length, 2)
  frame.set(payload, start)
  return frame
}
