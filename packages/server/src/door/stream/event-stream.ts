/**
 * One caller's stream of hints about what changed, as server-sent events. A hint says where to look, not what is there, so hints may be
 * joined: at most four messages a second for each kind, and what a slow reader has not taken yet is joined until it does. Ids are
 * joined up to a bound, then left out, which means any of the kind; so a stream takes a bounded amount of memory, whatever happens
 * and however slowly it is read. When even that is not enough, `reset` says that everything may have changed.
 */
import { Readable } from 'node:stream'
import type { Change } from '#db/changes.ts'

/** Between two messages about the same thing. */
const GRAIN_MS = 250
/** Ids in one message. */
const MOST_IDS = 100
/** Kinds, and commands whose invocations change, that wait to be told of. */
const MOST_WAITING = 100
/** Characters that wait for the reader before messages are joined instead. */
const HIGH_WATER = 64 * 1024

/** What a stream is asked for. Undefined: everything that the caller may read. */
export interface Wanted {
  readonly kinds: ReadonlySet<string> | undefined
  readonly ids: ReadonlySet<string> | undefined
}

interface Joined {
  readonly kind: string
  readonly of: string | undefined
  /** Undefined: too many, or not known. */
  ids: Set<string> | undefined
}

export class EventStream extends Readable {
  readonly #wanted: Wanted
  readonly #now: () => Date
  #allowed: ReadonlySet<string> = new Set()
  readonly #waiting = new Map<string, Joined>()
  #lost = false
  #timer: NodeJS.Timeout | undefined
  #lastTold = Number.NEGATIVE_INFINITY
  #number = 0
  #hasRoom = true
  #isOver = false

  constructor(wanted: Wanted, now: () => Date) {
    super({ highWaterMark: HIGH_WATER, encoding: 'utf8' })
    this.#wanted = wanted
    this.#now = now
  }

  /** The kinds that the caller is told of from now on; told itself whenever they are others than before. */
  allow(kinds: readonly string[]): void {
    const { kinds: wanted } = this.#wanted
    const allowed = wanted ? kinds.filter((kind) => wanted.has(kind)) : kinds
    if (this.#number > 0 && allowed.length === this.#allowed.size && allowed.every((kind) => this.#allowed.has(kind)))
      return
    this.#allowed = new Set(allowed)
    this.#say('hello', { kinds: allowed, at: this.#now().toISOString() })
  }

  tell(change: Change): void {
    if (!this.#allowed.has(change.kind) || !this.#isWanted(change)) return
    const key = `${change.kind}\n${change.of ?? ''}`
    const joined = this.#waiting.get(key)
    if (joined) joinIds(joined, change.ids)
    else if (this.#waiting.size >= MOST_WAITING) this.#lose()
    else this.#waiting.set(key, joinIds({ kind: change.kind, of: change.of, ids: new Set() }, change.ids))
    this.#schedule()
  }

  /** Says that anything may have changed. */
  reset(): void {
    this.#lose()
    this.#schedule()
  }

  /** A sign of life; keeps proxies from closing what seems idle. */
  beat(): void {
    if (this.#hasRoom) this.#write(':\n\n')
  }

  /** Says why, and ends. */
  finish(reason: 'expired' | 'stopping'): void {
    this.#say('end', { reason })
    this.#isOver = true
    this.push(null)
    clearTimeout(this.#timer)
  }

  override _read(): void {
    this.#hasRoom = true
    if (this.#waiting.size > 0 || this.#lost) this.#schedule()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    callback(error)
  }

  /** A change whose ids are not known may be of any. */
  #isWanted({ ids, of }: Change): boolean {
    const { ids: wanted } = this.#wanted
    if (!wanted || (of !== undefined && wanted.has(of))) return true
    return (ids.length === 0 && of === undefined) || ids.some((id) => wanted.has(id))
  }

  #lose(): void {
    this.#waiting.clear()
    this.#lost = true
  }

  #schedule(): void {
    if (this.#timer || !this.#hasRoom || this.#isOver) return
    const wait = Math.max(0, this.#lastTold + GRAIN_MS - performance.now())
    this.#timer = setTimeout(() => this.#tellWaiting(), wait)
  }

  #tellWaiting(): void {
    this.#timer = undefined
    this.#lastTold = performance.now()
    const at = this.#now().toISOString()
    if (this.#lost) this.#say('reset', { at })
    this.#lost = false
    for (const { kind, of, ids } of this.#waiting.values()) this.#say('change', { kind, of, ids: [...(ids ?? [])], at })
    this.#waiting.clear()
  }

  #say(event: string, data: object): void {
    this.#write(`event: ${event}\nid: ${++this.#number}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  #write(text: string): void {
    if (!this.#isOver) this.#hasRoom = this.push(text)
  }
}

/** No ids at all stand for any. */
function joinIds(joined: Joined, ids: readonly string[]): Joined {
  if (ids.length === 0) joined.ids = undefined
  for (const id of ids) joined.ids?.add(id)
  if (joined.ids && joined.ids.size > MOST_IDS) joined.ids = undefined
  return joined
}
