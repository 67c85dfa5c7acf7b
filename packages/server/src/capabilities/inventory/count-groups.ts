/** Counts of nodes by the values of attributes (INV-12). Pure. */
import type { SearchedType } from './searched-type.ts'

/** Attributes of a type that are looked at in one entry. */
export interface Level {
  readonly type: SearchedType
  readonly attributes: readonly string[]
}

export interface CountedGroup {
  /** One for each attribute of the levels, in their order. */
  readonly values: readonly string[]
  readonly nodes: number
}

/** Counters in an array are much faster than in a map, and cost four bytes each. */
const MOST_COUNTERS = 8_000_000

/**
 * The combinations of values that nodes have, and how many nodes have each: once for each node, however many of its entries are alike. The most
 * frequent first. Nodes that are not in `among` do not count; undefined: all do.
 */
export function countGroups(levels: readonly Level[], among: ReadonlySet<string> | undefined): CountedGroup[] {
  const [first, ...others] = levels.map(groupEntries)
  const counters = countersFor(first!.groups.length, others)
  for (const [nodeId, entries] of levels[0]!.type.nodes) {
    if (among && !among.has(nodeId)) continue
    let combined = first!.groupsOf(entries)
    for (const [index, level] of others.entries()) {
      const own = levels[index + 1]!.type.nodes.get(nodeId)
      combined = own ? combine(combined, level.groupsOf(own), level.groups.length) : []
    }
    for (const group of combined) counters.add(group)
  }
  return [...counters.all()]
    .map(([group, nodes]) => ({ values: valuesOf(group, [first!, ...others]), nodes }))
    .sort((a, b) => b.nodes - a.nodes || compareLists(a.values, b.values))
}

/** The groups of one level. */
interface GroupedEntries {
  readonly groups: readonly (readonly string[])[]
  /** The distinct groups of a node's entries. The same array is used for the next answer. */
  groupsOf(entries: Int32Array): readonly number[]
}

function groupEntries({ type, attributes }: Level): GroupedEntries {
  const groupOf = new Int32Array(type.size)
  let groups: (readonly string[])[] = [[]]
  for (const attribute of attributes) groups = refine(groupOf, groups, type.column(attribute))
  const seenAt = new Int32Array(groups.length)
  const found: number[] = []
  let turn = 0
  return {
    groups,
    groupsOf(entries) {
      turn++
      found.length = 0
      for (let index = 0; index < entries.length; index++) {
        const group = groupOf[entries[index]!]!
        if (group < 0 || seenAt[group] === turn) continue
        seenAt[group] = turn
        found.push(group)
      }
      return found
    },
  }
}

/** Splits groups by one more attribute; entries without it are in none (-1). */
function refine(
  groupOf: Int32Array,
  groups: readonly (readonly string[])[],
  { codes, values }: ReturnType<SearchedType['column']>,
): (readonly string[])[] {
  const refined: (readonly string[])[] = []
  const known = new Map<number, number>()
  for (let entry = 0; entry < groupOf.length; entry++) {
    const group = groupOf[entry]!
    const code = codes[entry] ?? -1
    if (group < 0 || code < 0) {
      groupOf[entry] = -1
      continue
    }
    const key = group * values.length + code
    let place = known.get(key)
    if (place === undefined) {
      place = refined.push([...groups[group]!, values[code]!]) - 1
      known.set(key, place)
    }
    groupOf[entry] = place
  }
  return refined
}

function combine(before: readonly number[], groups: readonly number[], of: number): number[] {
  const combined: number[] = []
  for (const one of before) for (const group of groups) combined.push(one * of + group)
  return combined
}

function valuesOf(combined: number, levels: readonly GroupedEntries[]): string[] {
  const values: string[] = []
  let rest = combined
  for (const { groups } of levels.toReversed()) {
    values.unshift(...groups[rest % groups.length]!)
    rest = Math.floor(rest / groups.length)
  }
  return values
}

interface Counters {
  add(group: number): void
  all(): Iterable<[group: number, count: number]>
}

function countersFor(groups: number, others: readonly GroupedEntries[]): Counters {
  const possible = others.reduce((product, level) => product * level.groups.length, groups)
  if (possible > MOST_COUNTERS) {
    const counts = new Map<number, number>()
    return { add: (group) => counts.set(group, (counts.get(group) ?? 0) + 1), all: () => counts }
  }
  const counts = new Int32Array(possible)
  return {
    add: (group) => counts[group]!++,
    *all() {
      for (const [group, count] of counts.entries()) if (count > 0) yield [group, count]
    },
  }
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (const [index, value] of a.entries()) {
    if (value !== b[index]) return value < b[index]! ? -1 : 1
  }
  return 0
}
