/*
 * Sends a file that grows to a log stream while it grows, as Amazon's agent does: about once a second the whole lines that came,
 * as one event. How far it got is kept beside the file, so that after a restart nothing is sent twice but what was on its way.
 * The stream is made when there is something to send. What the group refuses for good ends it; the reason comes with `finish`.
 */
import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { replaceFile } from '#durable-file.ts'
import { sentenceOf } from '#log.ts'
import type { LogGroups } from '#outputs/log-groups.ts'
import { OutputError } from '#outputs/output-error.ts'
import { incompleteTail } from '#sessions/whole-characters.ts'

export type LogFollowerOptions = {
  logGroups: LogGroups
  group: string
  stream: string
  path: string
  /** Keeps how far it got; absent: a restart begins anew. */
  progressPath?: string
  pollMs?: number
  /** Most bytes of the file in one event. Default: 200,000, as Amazon's agent has it. */
  eventBytes?: number
  /** The event's message for some lines. Default: the lines themselves, without the last line end. */
  format?: (lines: string) => string
}

const defaultPollMs = 1_000
const defaultEventBytes = 200_000

export class LogFollower {
  readonly #options: LogFollowerOptions
  readonly #timer: NodeJS.Timeout
  #sent: number
  #streamExists = false
  #sending: Promise<void> | undefined
  /** Why the last attempt failed. */
  #trouble: unknown

  constructor(options: LogFollowerOptions) {
    this.#options = options
    this.#sent = progressIn(options.progressPath)
    this.#timer = setInterval(() => this.#tick(), options.pollMs ?? defaultPollMs).unref()
  }

  /** Sends the rest of the file, and then `more`; answers why not everything was taken, if so. */
  async finish(more = ''): Promise<string | undefined> {
    await this.stop()
    await this.#attempt(async () => {
      await this.#sendNew('everything')
      if (more !== '') await this.#put(more)
    })
    return this.#trouble === undefined ? undefined : sentenceOf(this.#trouble)
  }

  /** Leaves it as it is; resolves once nothing is on its way any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#sending
  }

  /** What failed is tried again with what came meanwhile, unless it was refused. */
  #tick(): void {
    if (this.#sending || (this.#trouble instanceof OutputError && !this.#trouble.isPassing)) return
    this.#sending = this.#attempt(() => this.#sendNew('whole lines')).finally(() => {
      this.#sending = undefined
    })
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
      this.#trouble = undefined
    } catch (error) {
      this.#trouble = error
    }
  }

  async #sendNew(how: 'whole lines' | 'everything'): Promise<void> {
    const { path, progressPath, eventBytes = defaultEventBytes } = this.#options
    for (;;) {
      const read = await readAt(path, this.#sent, eventBytes)
      const piece = read.subarray(0, endOf(read, read.length === eventBytes ? 'full' : how))
      if (piece.length === 0) return
      await this.#put(piece.toString())
      this.#sent += piece.length
      if (progressPath) await replaceFile(progressPath, String(this.#sent))
    }
  }

  async #put(lines: string): Promise<void> {
    const { logGroups, group, stream, format = withoutLineEnd } = this.#options
    const message = format(lines.replaceAll('\r\n', '\n'))
    // An empty line alone is no message.
    if (message === '') return
    if (!this.#streamExists) await logGroups.createStream(group, stream)
    this.#streamExists = true
    await logGroups.put(group, stream, [{ timestamp: Math.trunc(logGroups.now()), message }])
  }
}

function withoutLineEnd(lines: string): string {
  return lines.endsWith('\n') ? lines.slice(0, -1) : lines
}

/** Where to cut: behind the last line that is whole; where there is none in a full event, not within a character. */
function endOf(read: Buffer, how: 'whole lines' | 'everything' | 'full'): number {
  if (how === 'everything') return read.length
  const lines = read.lastIndexOf(0x0a) + 1
  if (lines > 0 || how === 'whole lines') return lines
  return read.length - incompleteTail(read)
}

async function readAt(path: string, position: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return Buffer.alloc(0)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function progressIn(path: string | undefined): number {
  try {
    return path ? Number.parseInt(readFileSync(path, 'utf8'), 10) || 0 : 0
  } catch {
    return 0
  }
}
