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

/** Changes, or how to find out what they are if anybody wants to know. */
export type Noted = Change | (() => readonly Change[])

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

/** For so long the feed remembers what it told, */
const REMEMBERED_MS = 60_000
/** and no more than so many changes. */
const MOST_REMEMBERED = 1_000

interface Told {
  /** By `performance.now()`, as are all times here. */
  readonly atMs: number
  readonly noted: Noted
}

/** Tells listeners, in this process, of what was committed, and those who come a little late of what they missed. */
export class ChangeFeed {
  readonly #listeners = new Set<Listener>()
  readonly #told: Told[] = []
  #forgottenUntilMs = performance.now()

  /** Returns what ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(noted: readonly Noted[]): void {
    if (noted.length === 0) return
    this.#remember(noted)
    if (this.#listeners.size === 0) return
    const changes = noted.flatMap(changesOf)
    for (const listener of this.#listeners) listener(changes)
  }

  /** What was told since then, and how long ago; undefined: it is not remembered, so it may have been anything. */
  since(ms: number): readonly { readonly change: Change; readonly agoMs: number }[] | undefined {
    const now = performance.now()
    this.#forget(now)
    if (ms <= this.#forgottenUntilMs) return undefined
    const missed = this.#told.filter(({ atMs }) => atMs >= ms)
    return missed.flatMap(({ atMs, noted }) => changesOf(noted).map((change) => ({ change, agoMs: now - atMs })))
  }

  #remember(noted: readonly Noted[]): void {
    const atMs = performance.now()
    for (const one of noted) this.#told.push({ atMs, noted: one })
    this.#forget(atMs)
  }

  #forget(now: number): void {
    const told = this.#told
    while (told.length > MOST_REMEMBERED || (told[0] && told[0].atMs < now - REMEMBERED_MS))
      this.#forgottenUntilMs = told.shift()!.atMs
  }
}

function changesOf(noted: Noted): readonly Change[] {
  return typeof noted === 'function' ? noted() : [noted]
}
