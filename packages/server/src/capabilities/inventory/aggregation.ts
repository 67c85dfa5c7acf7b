/** What aggregators of GetInventory ask for (INV-12), and how their counts are answered. Pure. */
import type { InventoryAggregator, InventoryGroup, InventoryItemEntry } from '@steward/model/generated/ssm.ts'
import { attributeOf } from './condition.ts'
import { invalidAggregator, invalidGroup } from './errors.ts'
import { AWS_TYPES, attributesElsewhere } from './inventory-type.ts'

/** Counts by the values of several attributes: one aggregator with those within it. */
export interface Grouping {
  /** Of the outermost aggregator; the answer is found under it. */
  readonly typeName: string
  /** From the outside to the inside; attributes of one type are looked at in one entry. */
  readonly levels: readonly { readonly typeName: string; readonly attributes: readonly string[] }[]
}

export interface Aggregation {
  readonly groupings: readonly Grouping[]
  readonly groups: readonly InventoryGroup[]
}

/** Throws `InvalidAggregatorException` and `InvalidInventoryGroupException`. */
export function toAggregation(
  aggregators: readonly InventoryAggregator[],
  customNames: readonly string[],
): Aggregation {
  const paths = aggregators.flatMap((aggregator) => pathsOf(aggregator))
  const groups = allGroups(aggregators)
  const names = groups.map(({ Name }) => Name)
  if (new Set(names).size < names.length) throw invalidGroup('Two groups have the same name.')
  return { groups, groupings: paths.map((path) => toGrouping(path, customNames)) }
}

function allGroups(aggregators: readonly InventoryAggregator[]): InventoryGroup[] {
  return aggregators.flatMap(({ Groups = [], Aggregators = [] }) => [...Groups, ...allGroups(Aggregators)])
}

/** The expressions from each outermost aggregator to each innermost one. */
function pathsOf({ Expression, Aggregators = [], Groups = [] }: InventoryAggregator): string[][] {
  if (Expression === undefined && (Groups.length === 0 || Aggregators.length > 0))
    throw invalidAggregator('An aggregator has an Expression, or Groups.')
  const own = Expression === undefined ? [] : [Expression]
  const inner = Aggregators.flatMap(pathsOf)
  if (inner.length > 0) return inner.map((path) => [...own, ...path])
  return own.length > 0 ? [own] : []
}

function toGrouping(path: readonly string[], customNames: readonly string[]): Grouping {
  const levels = new Map<string, string[]>()
  for (const expression of path) {
    const { typeName, attribute } = attributeOf(expression, customNames, invalidAggregator)
    checkAttribute(typeName, attribute)
    const attributes = levels.get(typeName) ?? []
    if (attributes.includes(attribute)) throw invalidAggregator(`${expression} is there twice.`)
    levels.set(typeName, [...attributes, attribute])
  }
  const named = [...levels].map(([typeName, attributes]) => ({ typeName, attributes }))
  return { typeName: named[0]!.typeName, levels: named }
}

function checkAttribute(typeName: string, attribute: string): void {
  const type = AWS_TYPES.get(typeName)
  if (!type) return
  if (!type.attributes.includes(attribute)) throw invalidAggregator(`${typeName} has no attribute ${attribute}.`)
  if (attributesElsewhere(typeName).has(attribute))
    throw invalidAggregator(`${typeName}.${attribute} differs from node to node.`)
}

/** A line of the answer: under which name, and what. */
export interface AnswerLine {
  readonly under: string
  readonly entry: InventoryItemEntry
}

export function groupLine(grouping: Grouping, values: readonly string[], nodes: number): AnswerLine {
  const entry: Record<string, string> = { Count: String(nodes) }
  const named = grouping.levels.flatMap(({ typeName, attributes }) =>
    attributes.map((attribute) => [typeName, attribute] as const),
  )
  for (const [index, [typeName, attribute]] of named.entries()) {
    // Attributes of two types may have one name: the second is told apart by its type.
    entry[attribute in entry ? `${typeName}.${attribute}` : attribute] = values[index]!
  }
  return { under: grouping.typeName, entry }
}

/** In AWS's order and letters. */
export function matchLines(name: string, matching: number, all: number): AnswerLine[] {
  return [
    { under: name, entry: { notMatchingCount: String(all - matching) } },
    { under: name, entry: { matchingCount: String(matching) } },
  ]
}
