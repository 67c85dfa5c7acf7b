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
  const grouped = levels.map(groupEntries)
  const [first, ...others] = grouped
  const { groupOf, groups } = first!
  const width = others.reduce((product, level) => product * level.groups.length, 1)
  const counts =
    groups.length * width > MOST_COUNTERS ? new Map<number, number>() : new Int32Array(groups.length * width)
  const seenAt = new Int32Array(groups.length)
  let turn = 0
  for (const [nodeId, entries] of first!.nodes) {
    if (among && !among.has(nodeId)) continue
    turn++
    const distinct = distinctGroups(entries, groupOf, seenAt, turn)
    for (const place of placesAmong(others, nodeId)) {
      if (counts instanceof Map) addToMap(counts, distinct, width, place)
      else addToArray(counts, distinct, width, place)
    }
  }
  return [...counts.entries()]
    .filter(([, nodes]) => nodes > 0)
    .map(([group, nodes]) => ({ values: valuesOf(group, grouped), nodes }))
    .sort((a, b) => b.nodes - a.nodes || compareLists(a.values, b.values))
}

// Small functions with arrays of numbers only: they run once for each of millions of entries.

function distinctGroups(entries: Int32Array, groupOf: Int32Array, seenAt: Int32Array, turn: number): Int32Array {
  const distinct = new Int32Array(entries.length)
  let length = 0
  for (let index = 0; index < entries.length; index++) {
    const group = groupOf[entries[index]!]!
    if (group < 0 || seenAt[group] === turn) continue
    seenAt[group] = turn
    distinct[length++] = group
  }
  return distinct.subarray(0, length)
}

function addToArray(counts: Int32Array, groups: Int32Array, width: number, place: number): void {
  for (let index = 0; index < groups.length; index++) counts[groups[index]! * width + place]!++
}

function addToMap(counts: Map<number, number>, groups: Int32Array, width: number, place: number): void {
  for (const group of groups) counts.set(group * width + place, (counts.get(group * width + place) ?? 0) + 1)
}

/** The entries of one level, each with the place of its group in `groups`; -1: it is in none. */
interface GroupedEntries {
  readonly nodes: SearchedType['nodes']
  readonly groupOf: Int32Array
  readonly groups: readonly (readonly string[])[]
}

function groupEntries({ type, attributes }: Level): GroupedEntries {
  const groupOf = new Int32Array(type.size)
  let groups: (readonly string[])[] = [[]]
  for (const attribute of attributes) groups = refine(groupOf, groups, type.column(attribute))
  return { nodes: type.nodes, groupOf, groups }
}

/** Where, among all combinations of the groups of these levels, those are that a node has. */
function placesAmong(levels: readonly GroupedEntries[], nodeId: string): readonly number[] {
  let places = [0]
  for (const { nodes, groupOf, groups } of levels) {
    const own = new Set(Array.from(nodes.get(nodeId) ?? [], (entry) => groupOf[entry]!))
    own.delete(-1)
    places = places.flatMap((place) => [...own].map((group) => place * groups.length + group))
  }
  return places
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

function valuesOf(combined: number, levels: readonly GroupedEntries[]): string[] {
  const values: string[] = []
  let rest = combined
  for (const { groups } of levels.toReversed()) {
    values.unshift(...groups[rest % groups.length]!)
    rest = Math.floor(rest / groups.length)
  }
  return values
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (const [index, value] of a.entries()) {
    if (value !== b[index]) return value < b[index]! ? -1 : 1
  }
  return 0
}
