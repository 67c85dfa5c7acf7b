import type { Tx } from './database.ts'

/** Something that a transaction changed, for those who watch. A hint: what it is now must be read. */
export interface Change {
  /** One of the kinds that capabilities declare. */
  readonly kind: string
  /** What changed; empty if it is not known what. */
  readonly ids: readonly string[]
  /** What those belong to, where ids alone say little: the command of invocations. */
  readonly of?: string
  /** The Region it is in; undefined: all of them. */
  readonly region?: string | undefined
  /** It changes once more by itself, so many milliseconds later. */
  readonly againAfterMs?: number
}

/** Changes that are worked out only if anybody wants to know, and the kinds of which they may be. */
export interface Unasked {
  readonly kinds: readonly { readonly kind: string }[]
  changes(): readonly Change[]
}

export type Noted = Change | Unasked

type Listener = (changes: readonly Change[]) => void

const noted = new WeakMap<Tx, Noted[]>()

/** Says that this transaction changes something. Told to those who watch once it is committed. */
export function noteChange(tx: Tx, change: Noted): void {
  const known = noted.get(tx)
  if (known) known.push(change)
  else noted.set(tx, [change])
}

/** Whether anything was noted in this transaction so far. */
export function hasNoted(tx: Tx): boolean {
  return noted.has(tx)
}

/** What was noted since the last time. For the database implementations. */
export function takeChanges(tx: Tx): readonly Noted[] {
  const changes = noted.get(tx) ?? NOTHING
  noted.delete(tx)
  return changes
}

const NOTHING: readonly Noted[] = []

/**
 * Tells listeners, in this process, of what was committed, and those who come a little late of which kinds they missed something. No
 * more than that is remembered: every write passes by here.
 */
export class ChangeFeed {
  readonly #listeners = new Set<Listener>()
  /** By `performance.now()`, as are all times here. */
  readonly #beganMs = performance.now()
  readonly #last = new Map<string, { ms: number; againMs: number }>()

  /** Returns what ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(noted: readonly Noted[]): void {
    if (noted.length === 0) return
    const now = performance.now()
    for (const one of noted) {
      if ('kinds' in one) for (const { kind } of one.kinds) this.#remember(kind, now, 0)
      else this.#remember(one.kind, now, one.againAfterMs ?? 0)
    }
    if (this.#listeners.size === 0) return
    const changes = noted.flatMap((one) => ('kinds' in one ? one.changes() : [one]))
    for (const listener of this.#listeners) listener(changes)
  }

  /** The kinds of which something may have changed since then, or is still to; undefined: it may have been any. */
  since(ms: number): readonly Change[] | undefined {
    if (ms < this.#beganMs) return undefined
    const now = performance.now()
    return [...this.#last].flatMap(([kind, last]) => {
      const againAfterMs = last.againMs - now
      if (againAfterMs > 0) return [{ kind, ids: [], againAfterMs }]
      return Math.max(last.ms, last.againMs) >= ms ? [{ kind, ids: [] }] : []
    })
  }

  #remember(kind: string, now: number, againAfterMs: number): void {
    const known = this.#last.get(kind)
    if (!known) this.#last.set(kind, { ms: now, againMs: now + againAfterMs })
    else {
      known.ms = now
      known.againMs = Math.max(known.againMs, now + againAfterMs)
    }
  }
}
