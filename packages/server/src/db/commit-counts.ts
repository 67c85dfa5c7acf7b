/**
 * Commits of a database, counted in memory that threads share: all together, and by table. Tables are told apart by a number that several
 * may have in common, so one may seem to have changed that has not, never the other way round.
 */

const NUMBERS = 1024

/** First the count of all, then one for each number. */
export type CommitCounts = Int32Array<SharedArrayBuffer>

export function newCommitCounts(): CommitCounts {
  return new Int32Array(new SharedArrayBuffer((1 + NUMBERS) * Int32Array.BYTES_PER_ELEMENT))
}

/** Counts a commit that changed these tables; undefined: any. */
export function countCommit(counts: CommitCounts, tables: Iterable<string> | undefined): void {
  if (tables) for (const table of tables) Atomics.add(counts, placeOf(table), 1)
  else for (let place = 1; place < counts.length; place++) Atomics.add(counts, place, 1)
  Atomics.add(counts, 0, 1)
}

/** What a thread knows of the counts. */
export class SeenCommits {
  readonly #counts: CommitCounts
  readonly #seen: Int32Array

  constructor(counts: CommitCounts) {
    this.#counts = counts
    this.#seen = Int32Array.from(counts)
  }

  /** The tables, of these, that may have changed since this was last asked; undefined if nothing was committed at all. */
  changed(tables: Iterable<string>): readonly string[] | undefined {
    const all = Atomics.load(this.#counts, 0)
    if (all === this.#seen[0]) return undefined
    this.#seen[0] = all
    const changed: string[] = []
    const now = new Map<number, number>()
    for (const table of tables) {
      const place = placeOf(table)
      const count = now.get(place) ?? Atomics.load(this.#counts, place)
      now.set(place, count)
      if (count !== this.#seen[place]) changed.push(table)
    }
    for (const [place, count] of now) this.#seen[place] = count
    return changed
  }
}

/** FNV-1a. */
function placeOf(table: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < table.length; index++) hash = Math.imul(hash ^ table.charCodeAt(index), 0x01000193)
  return 1 + ((hash >>> 0) % NUMBERS)
}
