/*
 * Sends the full output of running commands to a Steward server as it grows, beside the replies, which carry only its
 * beginning. What is sent and not acknowledged stays below a window for each command. After a reconnect a stream goes on
 * from what the server has acknowledged; after a restart of the agent it begins anew, and the first acknowledgement says
 * how much the server had already. A command's last reply waits for `finish`, so that a server that shows a command as
 * over has its output; unless the server does not want output, or is silent for too long.
 */
import { open } from 'node:fs/promises'
import {
  formatOutputChunk,
  messageType,
  type OutputAck,
  type OutputStream,
  outputChunkLimit,
  outputStreams,
  outputWindow,
} from '@steward/protocol'
import type { SendFrame } from '#commands/reply-outbox.ts'

type Stream = { step: string; stream: OutputStream; path: string; sent: number; acknowledged: number }

type Job = {
  streams: Stream[]
  stopped: boolean
  /** A pump runs; `again` when something happened that it may have missed. */
  pumping: 'no' | 'yes' | 'again'
  /** Set when no more output will come. */
  finished: (() => void) | undefined
  progressAt: number
}

export type OutputSenderOptions = {
  send: SendFrame
  newId(): string
  /** How often files are looked at, in milliseconds. */
  pollMs: number
  /** How long a silent server holds up a command's end, in milliseconds. */
  patienceMs: number
}

export class OutputSender {
  readonly #options: OutputSenderOptions
  readonly #jobs = new Map<string, Job>()
  #wanted: 'unknown' | 'yes' | 'no' = 'unknown'
  #timer: NodeJS.Timeout | undefined

  constructor(options: OutputSenderOptions) {
    this.#options = options
  }

  /** A connection is there; `wanted` says whether its server takes output. */
  connected(wanted: boolean): void {
    this.#wanted = wanted ? 'yes' : 'no'
    for (const job of this.#jobs.values()) {
      for (const stream of job.streams) stream.sent = stream.acknowledged
      job.progressAt = performance.now()
    }
    this.#tick()
  }

  disconnected(): void {
    this.#wanted = 'unknown'
  }

  /** Follows the files of a step from their beginning. */
  follow(jobId: string, step: string, paths: { [stream in OutputStream]: string }): void {
    const job = this.#job(jobId)
    if (job.streams.some((stream) => stream.step === step)) return
    for (const stream of outputStreams)
      job.streams.push({ step, stream, path: paths[stream], sent: 0, acknowledged: 0 })
    this.#timer ??= setInterval(() => this.#tick(), this.#options.pollMs).unref()
  }

  /** No more output will come; resolves when the server has it all, or does not want it. */
  finish(jobId: string): Promise<void> {
    const job = this.#jobs.get(jobId)
    if (!job) return Promise.resolve()
    job.progressAt = performance.now()
    return new Promise((resolve) => {
      job.finished = resolve
      void this.#pump(jobId, job)
    })
  }

  acknowledge(ack: OutputAck): void {
    const job = this.#jobs.get(ack.jobId)
    const stream = job?.streams.find(({ step, stream }) => step === ack.step && stream === ack.stream)
    if (!job || !stream) return
    // Less than it had: the server lost what it had not stored yet, and gets it again.
    stream.sent = ack.offset < stream.acknowledged ? ack.offset : Math.max(stream.sent, ack.offset)
    stream.acknowledged = ack.offset
    job.progressAt = performance.now()
    job.stopped ||= ack.stop
    void this.#pump(ack.jobId, job)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #job(jobId: string): Job {
    const known = this.#jobs.get(jobId)
    if (known) return known
    const job: Job = { streams: [], stopped: false, pumping: 'no', finished: undefined, progressAt: performance.now() }
    this.#jobs.set(jobId, job)
    return job
  }

  #tick(): void {
    for (const [jobId, job] of this.#jobs) void this.#pump(jobId, job)
  }

  /** Sends what fits into the window; one pump at a time for each command. */
  async #pump(jobId: string, job: Job): Promise<void> {
    if (job.pumping !== 'no') {
      job.pumping = 'again'
      return
    }
    do {
      job.pumping = 'yes'
      if (await this.#isOver(jobId, job)) return
    } while (this.#pumpAgain(job))
    job.pumping = 'no'
  }

  #pumpAgain(job: Job): boolean {
    return job.pumping === 'again'
  }

  /** Sends once; true when the job has ended and is let go. */
  async #isOver(jobId: string, job: Job): Promise<boolean> {
    if (this.#wanted === 'unknown') return false
    const ended = job.finished
    const everything = this.#wanted === 'no' || job.stopped || (await this.#sendNew(jobId, job))
    const silent = performance.now() - job.progressAt > this.#options.patienceMs
    if (!ended || !(everything || silent)) return false
    this.#jobs.delete(jobId)
    if (this.#jobs.size === 0) this.stop()
    ended()
    return true
  }

  /** Sends new output of every stream; true when the server has acknowledged all there is. */
  async #sendNew(jobId: string, job: Job): Promise<boolean> {
    let complete = true
    for (const stream of job.streams) {
      for (;;) {
        const room = Math.min(outputChunkLimit, outputWindow - unacknowledged(job))
        const data = await readAt(stream.path, stream.sent, Math.max(room, 1))
        if (job.stopped) return true
        if (data.length === 0) break
        complete = false
        if (room <= 0 || !this.#sendChunk(jobId, stream, data)) return false
      }
      complete &&= stream.acknowledged >= stream.sent
    }
    return complete
  }

  #sendChunk(jobId: string, stream: Stream, data: Buffer): boolean {
    const { step, stream: name, sent: offset } = stream
    const payload = formatOutputChunk({ jobId, step, stream: name, offset, data })
    const sent = this.#options.send({
      messageType: messageType.stewardOutput,
      messageId: this.#options.newId(),
      payload,
    })
    if (sent) stream.sent += data.length
    return sent
  }
}

function unacknowledged(job: Job): number {
  return job.streams.reduce((sum, { sent, acknowledged }) => sum + sent - acknowledged, 0)
}

async function readAt(path: string, position: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return Buffer.alloc(0)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
