/** Which nodes have which entries of a type, by the numbers of both. */
import type { TypeTable } from './query-tables.ts'

export class Members {
  /** How many rows each entry stands for. */
  readonly counts: Int32Array
  /** The longest text of {@link list}. */
  readonly longest: number
  readonly #ends: Int32Array
  readonly #nodes: Int32Array
  /** With values of the nodes' own: the items of the lists. */
  readonly #texts: string[] | undefined
  readonly #seenAt: Int32Array
  #turn = 0

  /** `numberOf` numbers the nodes of all types. */
  constructor({ size, nodes, entries, ends, ownValues }: TypeTable, numberOf: (nodeId: string) => number) {
    this.counts = new Int32Array(size)
    for (let index = 0; index < entries.length; index++) this.counts[entries[index]!]!++
    this.#ends = this.counts.slice()
    for (let entry = 1; entry < size; entry++) this.#ends[entry]! += this.#ends[entry - 1]!
    // Filled from the last node to the first, so that each list is in order.
    const free = this.#ends.slice()
    this.#nodes = new Int32Array(entries.length)
    this.#texts = ownValues && Array<string>(entries.length)
    let highest = 0
    for (let index = entries.length - 1, node = nodes.length - 1; index >= 0; index--) {
      while (node > 0 && index < ends[node - 1]!) node--
      const number = numberOf(nodes[node]!)
      highest = Math.max(highest, number)
      const place = --free[entries[index]!]!
      this.#nodes[place] = number
      if (this.#texts) this.#texts[place] = JSON.stringify([number, ...ownValues![index]!])
    }
    this.#seenAt = new Int32Array(highest + 1)
    this.longest = this.#longest(String(highest).length)
  }

  /** As JSON: numbers of nodes, or lists of a node and the values of its own. Those of `among` only; undefined: all. */
  list(entry: number, among: ReadonlySet<number> | undefined): string {
    const [start, end] = this.#range(entry)
    if (!among) return `[${(this.#texts ?? this.#nodes).slice(start, end).join()}]`
    const places = Array.from({ length: end - start }, (_, index) => start + index)
    const meant = places.filter((place) => among.has(this.#nodes[place]!))
    return `[${meant.map((place) => this.#texts?.[place] ?? this.#nodes[place]).join()}]`
  }

  /** How many nodes have one of the entries. */
  nodesWith(entries: readonly number[]): number {
    this.#turn++
    let count = 0
    for (const entry of entries) {
      const [start, end] = this.#range(entry)
      for (let place = start; place < end; place++) {
        const node = this.#nodes[place]!
        if (this.#seenAt[node] === this.#turn) continue
        this.#seenAt[node] = this.#turn
        count++
      }
    }
    return count
  }

  /** How many rows there are of these entries on those of the nodes; undefined: all. */
  rows(entries: readonly number[], among: ReadonlySet<number> | undefined): number {
    let rows = 0
    for (const entry of entries) {
      if (!among) rows += this.counts[entry]!
      else
        for (let [place, end] = this.#range(entry); place < end; place++) rows += Number(among.has(this.#nodes[place]!))
    }
    return rows
  }

  #range(entry: number): [start: number, end: number] {
    return [entry === 0 ? 0 : this.#ends[entry - 1]!, this.#ends[entry]!]
  }

  #longest(digits: number): number {
    let longest = 0
    for (const [entry, count] of this.counts.entries()) {
      let length = count * (digits + 1) + 2
      if (this.#texts) {
        const [start, end] = this.#range(entry)
        length = 2
        for (let place = start; place < end; place++) length += this.#texts[place]!.length + 1
      }
      longest = Math.max(longest, length)
    }
    return longest
  }
}
