/*
 * Standard_Stream and InteractiveCommands: a program in a terminal. What it shows goes out in messages that end between
 * characters, many small pieces together; when the client is slow, or away, the terminal is not read, and the program waits.
 * What is typed is held back while the terminal takes no more.
 *
 * When the program ends by itself, what else runs in the terminal ends too; what left it (setsid, tmux) stays, as after a
 * logout. When the session is ended from outside, everything that was started in it ends.
 */
import { ProtocolError } from '@steward/protocol'
import { parseTerminalSize, payloadType } from '@steward/protocol/session/index.ts'
import { killTree } from '#scripts/process-tree.ts'
import type { Program } from '#sessions/program.ts'
import type { Pty } from '#sessions/pty/pty.ts'
import { frameLimit, type SessionChannel, type StreamMessage } from '#sessions/session-channel.ts'
import { endedWell, type SessionEnd, type SessionKind } from '#sessions/session-kind.ts'
import type { Transcript } from '#sessions/transcript.ts'
import { incompleteTail } from '#sessions/whole-characters.ts'

/** How much may wait to be typed before the client has to keep the rest. */
const typedAheadBytes = 64 * 1024

/** How long output waits for more while the client has not acknowledged what went before: few large messages cost less. */
const togetherMs = 4

/** How long output may follow the end of all processes: one that left the terminal can still have it open. */
const lastOutputMs = 500

const nothing = Buffer.alloc(0)

export class TerminalSession implements SessionKind {
  readonly #channel: SessionChannel
  readonly #pty: Pty
  readonly #program: Program
  readonly #transcript: Transcript
  #pieces: Buffer[] = []
  #tail: Buffer = nothing
  #waitingBytes = 0
  #sendingSoon = false
  #typedAhead = 0
  #stopped = false

  constructor(channel: SessionChannel, pty: Pty, program: Program, transcript: Transcript) {
    this.#channel = channel
    this.#pty = pty
    this.#program = program
    this.#transcript = transcript
  }

  async run(): Promise<SessionEnd> {
    this.#pty.onOutput((bytes) => this.#shown(bytes))
    this.#channel.onRoom(() => this.#pty.resume())
    await this.#pty.exited
    await killTree({ leader: this.#pty.pid, marker: this.#stopped ? this.#program.marker : undefined })
    await this.#allShown()
    this.#send()
    if (this.#tail.length > 0) this.#channel.send(payloadType.output, this.#tail)
    return endedWell
  }

  /** Types what the document asks for before anything else. */
  type(text: string): void {
    void this.#pty.write(Buffer.from(text))
  }

  received({ payloadType: type, payload }: StreamMessage): void {
    if (type === payloadType.output) void this.#type(payload)
    else if (type === payloadType.size) this.#resize(payload)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await killTree({ leader: this.#pty.pid, marker: this.#program.marker })
  }

  async #type(bytes: Uint8Array): Promise<void> {
    this.#typedAhead += bytes.length
    if (this.#typedAhead > typedAheadBytes) this.#channel.hold()
    await this.#pty.write(bytes)
    this.#typedAhead -= bytes.length
    if (this.#typedAhead <= typedAheadBytes / 2) this.#channel.release()
  }

  #resize(payload: Uint8Array): void {
    try {
      const { cols, rows } = parseTerminalSize(payload)
      if (cols > 0 && rows > 0) this.#pty.resize(cols, rows)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
    }
  }

  #shown(bytes: Buffer): void {
    this.#pieces.push(bytes)
    this.#waitingBytes += bytes.length
    this.#transcript.shown(bytes)
    if (this.#waitingBytes >= frameLimit) this.#send()
    else if (!this.#sendingSoon) this.#sendSoon()
  }

  /** A terminal gives at most 4 KB at a time; what has come by then goes out in one message. */
  #sendSoon(): void {
    this.#sendingSoon = true
    const send = () => {
      this.#sendingSoon = false
      this.#send()
    }
    if (this.#channel.isQuiet) setImmediate(send)
    else setTimeout(send, togetherMs)
  }

  #send(): void {
    const bytes = Buffer.concat([this.#tail, ...this.#pieces])
    this.#pieces = []
    this.#waitingBytes = 0
    const end = bytes.length - incompleteTail(bytes)
    this.#tail = bytes.subarray(end)
    if (end > 0) this.#channel.send(payloadType.output, bytes.subarray(0, end))
    if (!this.#channel.hasRoom) this.#pty.pause()
  }

  /** Waits for the terminal to close, but not for a process that left it and holds it open without a word. */
  async #allShown(): Promise<void> {
    let silent = false
    this.#pty.onOutput(() => {
      silent = false
    })
    while (!silent) {
      silent = this.#channel.hasRoom
      const closed = await Promise.race([this.#pty.closed.then(() => true), after(lastOutputMs)])
      if (closed) return
    }
    this.#pty.destroy()
  }
}

function after(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms))
}
