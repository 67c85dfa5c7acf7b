import type { Tx } from './database.ts'

type Write = (tx: Tx, values: readonly unknown[]) => Promise<void>

const waiting = new WeakMap<Tx, Map<Write, unknown[]>>()

/**
 * For rows that every transaction adds: the values that are handed in are given to `write` together, at the end of the transaction, and
 * with them those of all the transactions that are committed with it. They are written exactly if their transaction is. `write` may
 * not fail for one of them, since it fails for all.
 */
export function writtenAtEnd<T>(write: (tx: Tx, values: readonly T[]) => Promise<void>): (tx: Tx, value: T) => void {
  return (tx, value) => {
    const ofTx = waiting.get(tx) ?? new Map<Write, unknown[]>()
    waiting.set(tx, ofTx)
    const values = ofTx.get(write as Write)
    if (values) values.push(value)
    else ofTx.set(write as Write, [value])
  }
}

/** What is to be written at the end of one commit. For the database implementations. */
export class AtEnd {
  readonly #values = new Map<Write, unknown[]>()

  /** Takes over what was handed in since the last time. */
  take(tx: Tx): void {
    for (const [write, values] of waiting.get(tx) ?? []) {
      const known = this.#values.get(write)
      if (known) known.push(...values)
      else this.#values.set(write, values)
    }
    waiting.delete(tx)
  }

  async write(tx: Tx): Promise<void> {
    for (const [write, values] of this.#values) await write(tx, values)
  }
}

/** Forgets what was handed in since the last time: its transaction was undone. */
export function dropAtEnd(tx: Tx): void {
  waiting.delete(tx)
}
