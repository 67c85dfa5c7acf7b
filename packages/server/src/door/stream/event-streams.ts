/** All streams of this server: who has one, what each is told, and when it ends. */
import type { Change, ChangeFeed } from '#db/changes.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Clock } from '#kernel/clock.ts'
import type { ChangeKind, OpenCall, Standing } from '#kernel/declare.ts'
import type { Logger } from '#kernel/logger.ts'
import { EventStream, type Wanted } from './event-stream.ts'

/** Between two signs of life, at which it is also looked whether the caller may still read what it is told of. */
const BEAT_MS = 15_000
/** After a change of what principals may do. */
const REVIEW_MS = 250
const MOST_OF_PRINCIPAL = 32
const MOST = 1_000

/** Kinds whose change may mean that somebody may read more or less than before. */
const ABOUT_PERMISSIONS: ReadonlySet<string> = new Set(['iam', 'access'])

interface Followed {
  readonly stream: EventStream
  readonly principal: string
  readonly region: string
  readonly standing: OpenCall['standing']
}

export class EventStreams {
  readonly #kinds: readonly ChangeKind[]
  readonly #clock: Clock
  readonly #log: Logger
  readonly #followed = new Set<Followed>()
  readonly #echoes = new Set<NodeJS.Timeout>()
  readonly #feed: ChangeFeed
  #stopListening: (() => void) | undefined
  #beat: NodeJS.Timeout | undefined
  #review: NodeJS.Timeout | undefined

  constructor(parts: { kinds: readonly ChangeKind[]; feed: ChangeFeed; clock: Clock; log: Logger }) {
    this.#kinds = parts.kinds
    this.#clock = parts.clock
    this.#log = parts.log
    this.#feed = parts.feed
  }

  get count(): number {
    return this.#followed.size
  }

  /**
   * A stream that ends with its caller's connection, its credentials, or the server; it begins with what changed in so many seconds
   * before. Throws when there are too many.
   */
  async open(wanted: Wanted, secondsBack: number | undefined, call: OpenCall): Promise<EventStream> {
    const askedMs = performance.now()
    const principal = call.principal.arn
    const own = [...this.#followed].filter((one) => one.principal === principal).length
    if (own >= MOST_OF_PRINCIPAL || this.#followed.size >= MOST)
      throw new ApiError('TooManyEventStreams', `There are too many open event streams: ${own} are yours.`)
    const stream = new EventStream(wanted, () => this.#clock.now())
    const followed: Followed = { stream, principal, region: call.scope.region, standing: call.standing }
    this.#followed.add(followed)
    this.#stopListening ??= this.#feed.listen((changes) => this.#tell(changes))
    stream.once('close', () => this.#forget(followed))
    call.signal.addEventListener('abort', () => stream.destroy())
    this.#beat ??= setInterval(() => this.#beatAll(), BEAT_MS).unref()
    await this.#decide(followed)
    if (secondsBack !== undefined) this.#tellMissed(followed, askedMs - secondsBack * 1000)
    return stream
  }

  stop(): void {
    this.#stopListening?.()
    clearInterval(this.#beat)
    clearTimeout(this.#review)
    for (const timer of this.#echoes) clearTimeout(timer)
    for (const { stream } of this.#followed) stream.finish('stopping')
  }

  #forget(followed: Followed): void {
    this.#followed.delete(followed)
    if (this.#followed.size > 0) return
    clearInterval(this.#beat)
    this.#beat = undefined
    this.#stopListening?.()
    this.#stopListening = undefined
  }

  #tell(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#tellOne(change)
      if (change.againAfterMs !== undefined) this.#later(change.againAfterMs, () => this.#tellOne(change))
      if (ABOUT_PERMISSIONS.has(change.kind)) this.#review ??= setTimeout(() => this.#reviewAll(), REVIEW_MS).unref()
    }
  }

  #tellOne(change: Change): void {
    for (const followed of this.#followed) tellIn(followed, change)
  }

  /** The stream was not there yet, or did not know yet what it may tell. */
  #tellMissed(followed: Followed, sinceMs: number): void {
    const missed = this.#feed.since(sinceMs)
    if (!missed) followed.stream.reset()
    for (const change of missed ?? []) {
      tellIn(followed, change)
      if (change.againAfterMs !== undefined) this.#later(change.againAfterMs, () => tellIn(followed, change))
    }
  }

  #later(milliseconds: number, tell: () => void): void {
    const timer = setTimeout(() => {
      this.#echoes.delete(timer)
      tell()
    }, milliseconds).unref()
    this.#echoes.add(timer)
  }

  #beatAll(): void {
    for (const { stream } of this.#followed) stream.beat()
    this.#reviewAll()
  }

  #reviewAll(): void {
    clearTimeout(this.#review)
    this.#review = undefined
    for (const followed of this.#followed)
      this.#decide(followed).catch((err) => this.#log.warn({ err }, 'what a stream may tell could not be decided'))
  }

  async #decide({ stream, standing }: Followed): Promise<void> {
    const now = await standing()
    if (now) stream.allow(await this.#readable(now))
    else stream.finish('expired')
  }

  async #readable(standing: Standing): Promise<string[]> {
    const kinds: string[] = []
    for (const { kind, read } of this.#kinds)
      if (await standing.may({ action: read, resources: ['*'] })) kinds.push(kind)
    return kinds
  }
}

function tellIn({ stream, region }: Followed, change: Change): void {
  if (change.region === undefined || change.region === region) stream.tell(change)
}
