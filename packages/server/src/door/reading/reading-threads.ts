/**
 * Answers reads in other threads while the first one has much to do. They see every commit that anybody was told of
 * (`db/shared-database.ts`), prove and decide as the first does, and hand it what they would write: audit records, before
 * the answer goes out, and all that goes with them. Writes, and whatever waits or streams, stay with the first thread, as do connections.
 *
 * A thread is started when the first one is busy with reads, since it costs some 60 MB, and ended when there is little to do. It knows
 * the keys that were in force when it started; when one of them is replaced it gets nothing more to do and another takes its
 * place. Of a thread that fails, or hangs, nothing is lost: what it was asked is answered here.
 */
import { Worker } from 'node:worker_threads'
import { loadService } from '@steward/model'
import type { KeyUse, NodeRefusal, Operation, RunningAuditTrail } from '#kernel/declare.ts'
import type { Logger } from '#kernel/logger.ts'
import { type HttpRequest, type HttpResponse, header } from '../http-message.ts'
import { Slots } from '../slots.ts'
import { familyOf, type Throttle } from '../throttle.ts'
import { type Answer, type FromThread, type Note, type Question, SIGN_OF_LIFE, type ToThread } from './messages.ts'

const TIMES = {
  /** How long the first thread is watched before it is found busy. */
  watchMs: 250,
  /** A thread with nothing to do for so long is ended. */
  idleMs: 60_000,
  /** After a thread failed. */
  retryMs: 30_000,
  /** A thread that has something to answer and says nothing for so long is asked for a sign of life, and given up after as long again. */
  silentMs: 15_000,
}

/** Busy: so much of the time, with so many reads a second. */
const BUSY = { utilization: 0.6, perSecond: 50 }
/** Questions that a thread may have; those beyond are answered here. */
const MOST_QUESTIONS = 512
/** Within the time for which a thread may be silent. Many, because what it said is not heard either while the first thread is held up. */
const LOOKS = 5
/** Questions of one message. */
const TOGETHER = 8

export interface ReadingThreadsParts {
  /** The most that may run; 0: none ever does. */
  readonly count: number
  /** The file that a thread runs, and what it is given. */
  readonly file: URL
  readonly start: () => object
  /** Changes when a thread that was given something else before must not answer any more. */
  readonly standing: () => string
  readonly account: string
  /** What may be answered elsewhere, by `X-Amz-Target`. */
  readonly reads: ReadonlyMap<string, Read>
  readonly throttle: Pick<Throttle, 'borrow' | 'giveBack'>
  readonly audit: Pick<RunningAuditTrail, 'push' | 'write'>
  readonly observe: (service: string, operation: string, code: string, seconds: number) => void
  readonly keyUsed: (use: KeyUse) => void
  readonly refused: (refusal: NodeRefusal) => void
  readonly answerHere: (request: HttpRequest) => Promise<HttpResponse>
  /** Answers with the error alone. */
  readonly refuseHere: (request: HttpRequest, error: unknown) => HttpResponse
  readonly log: Logger
  readonly times?: Partial<typeof TIMES>
}

/** An operation that only reads, and the family in which it is throttled. */
export interface Read {
  readonly service: string
  readonly operation: string
  readonly family: string
}

export class ReadingThreads {
  readonly #parts: ReadingThreadsParts
  readonly #times: typeof TIMES
  #threads: ReadingThread[] = []
  #watch: NodeJS.Timeout | undefined
  #reads = 0
  #notBefore = 0
  #given = 0
  #stopped = false

  constructor(parts: ReadingThreadsParts) {
    this.#parts = parts
    this.#times = { ...TIMES, ...parts.times }
  }

  /** Takes a request that a thread is free for; undefined leaves it to the caller. */
  route(request: HttpRequest): Promise<HttpResponse> | undefined {
    const read = this.#parts.reads.get(header(request, 'x-amz-target') ?? '')
    if (read === undefined || this.#parts.count === 0) return undefined
    this.#watch ??= this.#beginWatch()
    this.#reads += 1
    const thread = this.#freest()
    if (!thread || !this.#parts.throttle.borrow(this.#parts.account, read.family)) return undefined
    this.#given += 1
    return thread.ask(request, read)
  }

  /** Threads that answer right now. */
  get count(): number {
    return this.#threads.filter(({ ready }) => ready).length
  }

  /** Requests that were given to threads. */
  get given(): number {
    return this.#given
  }

  /** Starts a thread though there is nothing to do yet; resolves once it answers. For tests. */
  async begin(): Promise<void> {
    await this.#start().begun
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#watch)
    await Promise.all(this.#threads.map((thread) => thread.end()))
  }

  #freest(): ReadingThread | undefined {
    const standing = this.#threads.length > 0 ? this.#parts.standing() : ''
    let freest: ReadingThread | undefined
    for (const thread of this.#threads) {
      if (thread.standing !== standing) this.#retire(thread)
      else if (thread.ready && thread.waiting < (freest?.waiting ?? MOST_QUESTIONS)) freest = thread
    }
    return freest
  }

  #retire(thread: ReadingThread): void {
    this.#threads = this.#threads.filter((one) => one !== thread)
    thread.end().catch((err: unknown) => this.#parts.log.warn({ err }, 'reading thread did not end'))
  }

  /** Looks, while there are reads, whether there is too much or too little to do. */
  #beginWatch(): NodeJS.Timeout {
    const before = performance.eventLoopUtilization()
    this.#reads = 0
    const timer = setTimeout(() => {
      const { utilization } = performance.eventLoopUtilization(before)
      this.#watch = undefined
      this.#look(utilization, (this.#reads * 1000) / this.#times.watchMs)
    }, this.#times.watchMs)
    return timer.unref()
  }

  #look(utilization: number, perSecond: number): void {
    const now = performance.now()
    for (const thread of this.#threads)
      if (thread.ready && now - thread.usedAt > this.#times.idleMs) this.#retire(thread)
    if (this.#stopped) return
    const isBusy = utilization >= BUSY.utilization && perSecond >= BUSY.perSecond
    const mayStart = this.#threads.length < this.#parts.count && now >= this.#notBefore
    if (isBusy && mayStart && this.#threads.every(({ ready }) => ready)) this.#start()
    if (this.#threads.length > 0) this.#watch = this.#beginWatch()
  }

  #start(): ReadingThread {
    const thread = new ReadingThread(this.#parts, this.#times.silentMs, () => {
      if (!this.#threads.includes(thread)) return
      this.#threads = this.#threads.filter((one) => one !== thread)
      this.#notBefore = performance.now() + this.#times.retryMs
    })
    this.#threads.push(thread)
    return thread
  }
}

/** The reads of AWS JSON's services, which a thread can tell by their target alone; nodes' own are not among them. */
export function readsOf(operations: readonly Operation[]): ReadonlyMap<string, Read> {
  const reads = new Map<string, Read>()
  for (const { kind, authentication, service: serviceName, name } of operations) {
    const service = loadService(serviceName)
    const operation = service?.operation(name)
    if (kind !== 'read' || authentication !== 'sigv4' || !service?.targetPrefix || !operation) continue
    const family = familyOf({ service, operationName: name, operation })
    reads.set(`${service.targetPrefix}.${name}`, { service: serviceName, operation: name, family })
  }
  return reads
}

interface Asked {
  readonly request: HttpRequest
  readonly read: Read
  /** Whether the thread has answered, and only its record is still being kept. */
  answered: boolean
  answer(response: HttpResponse | Promise<HttpResponse>): void
}

class ReadingThread {
  readonly standing: string
  readonly #parts: ReadingThreadsParts
  readonly #worker: Worker
  readonly #asked = new Slots<Asked>()
  #outbox: Question[] = []
  #sending: NodeJS.Immediate | undefined
  #ended: (() => void) | undefined
  readonly #gone: () => void
  readonly #vigil: NodeJS.Timeout
  /** How often it was looked after in vain since it last said something. */
  #silentLooks = 0
  readonly #begun = Promise.withResolvers<void>()
  ready = false
  usedAt = 0

  constructor(parts: ReadingThreadsParts, silentMs: number, gone: () => void) {
    this.#parts = parts
    this.#gone = gone
    this.standing = parts.standing()
    this.#worker = new Worker(parts.file, {
      workerData: parts.start(),
      name: 'reading',
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    })
    this.#worker.unref()
    this.#worker.on('message', (message: FromThread) => this.#receive(message))
    this.#worker.on('error', (err) =>
      parts.log.error({ err }, 'a reading thread failed; its requests are answered by the first'),
    )
    this.#worker.on('exit', () => {
      clearInterval(this.#vigil)
      this.ready = false
      gone()
      this.#answerAllHere()
    })
    this.#vigil = setInterval(() => this.#look(), silentMs / LOOKS).unref()
  }

  /** Resolves once it answers. */
  get begun(): Promise<void> {
    return this.#begun.promise
  }

  /** Questions that are not answered yet. */
  get waiting(): number {
    return this.#asked.size
  }

  ask(request: HttpRequest, read: Read): Promise<HttpResponse> {
    const { method, path, query, headers, sourceIp, secure } = request
    this.usedAt = performance.now()
    const answered = new Promise<HttpResponse>((answer) => {
      const id = this.#asked.take({ request, read, answered: false, answer })
      this.#outbox.push({ id, method, path, query, headers, sourceIp, secure, body: request.body.toString('latin1') })
    })
    if (this.#outbox.length >= TOGETHER) this.#send()
    else this.#sending ??= setImmediate(() => this.#send())
    return answered
  }

  /** Resolves once it is gone; what it was asked is answered before. */
  async end(): Promise<void> {
    this.ready = false
    // Whoever waits for what a thread still has to answer waits for no thread that hangs.
    this.#vigil.ref()
    if (this.#asked.size > 0)
      await new Promise<void>((resolve) => {
        this.#ended = resolve
      })
    await this.#worker.terminate()
  }

  /** Finds out whether it hangs: it must not take along those who wait for it. */
  #look(): void {
    const owes = [...this.#asked].some(([, { answered }]) => !answered)
    this.#silentLooks = owes ? this.#silentLooks + 1 : 0
    if (this.#silentLooks === LOOKS) this.#tell(SIGN_OF_LIFE)
    if (this.#silentLooks === 2 * LOOKS) this.#giveUp()
  }

  /** What it says after all is not heard any more: it is answered here. */
  #giveUp(): void {
    this.#parts.log.error('a reading thread hangs; it is given up, and its requests are answered by the first')
    clearInterval(this.#vigil)
    this.ready = false
    this.#worker.removeAllListeners('message')
    this.#gone()
    this.#answerAllHere()
    void this.#worker.terminate()
  }

  #send(): void {
    clearImmediate(this.#sending)
    this.#sending = undefined
    if (this.#outbox.length > 0) this.#tell(JSON.stringify(this.#outbox))
    this.#outbox = []
  }

  #tell(message: ToThread): void {
    this.#worker.postMessage(message)
  }

  #receive(message: FromThread): void {
    this.#silentLooks = 0
    if ('ready' in message) {
      this.ready = true
      this.usedAt = performance.now()
      this.#begun.resolve()
      return
    }
    for (const note of message.notes) this.#note(note)
    let at = 0
    for (const answer of message.answers) {
      const end = at + (answer.response?.length ?? 0)
      this.#keep(answer, message.bodies.subarray(at, end))
      at = end
    }
  }

  #note(note: Note): void {
    if (note.kind === 'key-use') this.#parts.keyUsed(note.use)
    else this.#parts.refused(note.refusal)
  }

  /**
   * What is not on record is not told. It happened nevertheless, and its record waits to be kept: so it is not done again here, which would
   * take the caller as long once more, and make other records of the one call.
   */
  #keep(answer: Answer, body: Uint8Array): void {
    const { audit } = this.#parts
    const { record, first } = answer
    const kept = record && (first ? audit.write(record) : audit.push(record))
    if (!kept) {
      this.#answer(answer, body)
      return
    }
    const asked = this.#asked.get(answer.id)
    if (asked) asked.answered = true
    kept.then(
      () => this.#answer(answer, body),
      (error: unknown) => this.#refuse(answer, error),
    )
  }

  #answer({ id, proven, code, seconds, response }: Answer, body: Uint8Array): void {
    const asked = this.#take(id)
    if (!asked) return
    if (!response) {
      this.#answerHere(asked)
      return
    }
    const { throttle, account, observe } = this.#parts
    const { service, operation, family } = asked.read
    if (!proven) throttle.giveBack(account, family)
    observe(service, operation, code, seconds)
    asked.answer({ status: response.status, headers: response.headers, body })
  }

  #refuse({ id, proven }: Answer, error: unknown): void {
    const asked = this.#take(id)
    if (!asked) return
    const { throttle, account, refuseHere } = this.#parts
    if (!proven) throttle.giveBack(account, asked.read.family)
    asked.answer(refuseHere(asked.request, error))
  }

  #take(id: number): Asked | undefined {
    const asked = this.#asked.get(id)
    if (asked) this.#asked.free(id, asked)
    if (this.#asked.size === 0) this.#ended?.()
    return asked
  }

  /** The first thread takes a token of its own. */
  #answerHere({ request, read, answer }: Asked): void {
    const { throttle, account, answerHere } = this.#parts
    throttle.giveBack(account, read.family)
    answer(answerHere(request))
  }

  /** What it had answered already is told as soon as it is on record. */
  #answerAllHere(): void {
    for (const [id, asked] of this.#asked) {
      if (asked.answered) continue
      this.#asked.free(id, asked)
      this.#answerHere(asked)
    }
    if (this.#asked.size === 0) this.#ended?.()
  }
}
