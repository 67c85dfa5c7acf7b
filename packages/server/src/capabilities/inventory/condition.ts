/** Filters of inventory (INV-10, INV-13), and whom they mean. Pure. */
import type { InventoryFilter } from '@steward/model/generated/ssm.ts'
import type { Entry } from './entry-codec.ts'
import { invalidFilter } from './errors.ts'
import { AWS_TYPES, orderOf, type ValueOrder } from './inventory-type.ts'
import type { SearchedType } from './searched-type.ts'
import { compareValues } from './value-order.ts'

/** A condition on an attribute of one entry. */
export interface Condition {
  readonly attribute: string
  readonly operator: 'Equal' | 'NotEqual' | 'BeginWith' | 'LessThan' | 'GreaterThan' | 'Exists'
  readonly values: readonly string[]
  readonly order: ValueOrder
}

/** What is asked of a node: conditions that one entry of a type satisfies together, or that it reported one of the types. */
export type NodeDemand =
  | { readonly typeName: string; readonly conditions: readonly Condition[] }
  | { readonly reported: readonly string[] }

/**
 * What filters demand of a node. `customNames` are the custom types that there are. `Exists` is for aggregators only. Throws
 * `InvalidFilter`.
 */
export function toDemands(
  filters: readonly InventoryFilter[],
  { customNames, mayAskExists }: { customNames: readonly string[]; mayAskExists: boolean },
): NodeDemand[] {
  const demands: NodeDemand[] = []
  const byType = new Map<string, Condition[]>()
  for (const { Key = '', Values = [], Type = 'Equal' } of filters) {
    if (Type === 'Exists' && !mayAskExists) throw invalidFilter('Exists is used with aggregators only.')
    if (Key === 'TypeName') demands.push(reported(Values, Type))
    else {
      const { typeName, attribute } = attributeOf(Key, customNames)
      const conditions = byType.get(typeName) ?? []
      conditions.push(...toConditions(typeName, attribute, Type, Values))
      byType.set(typeName, conditions)
    }
  }
  return [...demands, ...[...byType].map(([typeName, conditions]) => ({ typeName, conditions }))]
}

function reported(types: readonly string[], operator: string): NodeDemand {
  if (operator !== 'Exists' && operator !== 'Equal') throw invalidFilter(`TypeName is not compared by ${operator}.`)
  const unknown = types.find((name) => !name.startsWith('Custom:') && !AWS_TYPES.has(name))
  if (unknown !== undefined) throw invalidFilter(`There is no type ${unknown}.`)
  return { reported: types }
}

function toConditions(
  typeName: string,
  attribute: string,
  operator: Condition['operator'],
  values: readonly string[],
): Condition[] {
  const order = orderOf(typeName, attribute)
  const type = AWS_TYPES.get(typeName)
  // A tag by its key: AWS:Tag.team.
  if (typeName === 'AWS:Tag' && !type!.attributes.includes(attribute))
    return [
      { attribute: 'Key', operator: 'Equal', values: [attribute], order },
      { attribute: 'Value', operator, values, order },
    ]
  if (type && !type.attributes.includes(attribute)) throw invalidFilter(`${typeName} has no attribute ${attribute}.`)
  return [{ attribute, operator, values, order }]
}

/** The type and attribute that a key such as `AWS:Application.Name` names. Custom types may have points in their names. */
export function attributeOf(
  key: string,
  customNames: readonly string[],
  fault: (why: string) => Error = invalidFilter,
): { typeName: string; attribute: string } {
  const known = customNames.filter((name) => key.startsWith(`${name}.`)).sort((a, b) => b.length - a.length)[0]
  const end = known === undefined ? key.indexOf('.') : known.length
  const typeName = key.slice(0, Math.max(0, end))
  const attribute = key.slice(end + 1)
  if (end <= 0 || attribute === '') throw fault(`${key} is not of the form Type.Attribute.`)
  if (!typeName.startsWith('Custom:') && !AWS_TYPES.has(typeName)) throw fault(`There is no type ${typeName}.`)
  return { typeName, attribute }
}

/** Whether a value satisfies a condition; undefined: there is none. */
export function satisfies(value: string | undefined, { operator, values, order }: Condition): boolean {
  if (value === undefined) return operator === 'NotEqual'
  switch (operator) {
    case 'Equal':
      return values.includes(value)
    case 'NotEqual':
      return !values.includes(value)
    case 'BeginWith':
      return values.some((start) => value.startsWith(start))
    case 'LessThan':
      return values.some((limit) => compareValues(order, value, limit) < 0)
    case 'GreaterThan':
      return values.some((limit) => compareValues(order, value, limit) > 0)
    case 'Exists':
      return value !== ''
  }
}

export function entrySatisfies(entry: Entry, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => satisfies(entry[condition.attribute], condition))
}

/** Conditions that only exclude are about all entries of a node: Name NotEqual nginx means those without nginx. */
export function onlyExclude(conditions: readonly Condition[]): boolean {
  return conditions.every(({ operator }) => operator === 'NotEqual')
}

/** Conditions turned around, so that an entry that satisfies one of them excludes its node. */
export function opposites(conditions: readonly Condition[]): Condition[] {
  return conditions.map((condition) => ({ ...condition, operator: 'Equal' }))
}

/** The nodes of which one entry satisfies all conditions, or none is excluded if they only exclude. */
export function nodesSatisfying(type: SearchedType, conditions: readonly Condition[]): Set<string> {
  if (!onlyExclude(conditions)) return having(type, entriesSatisfying(type, conditions))
  const excluded = opposites(conditions).map((condition) => having(type, entriesSatisfying(type, [condition])))
  return new Set([...type.nodes.keys()].filter((nodeId) => !excluded.some((nodes) => nodes.has(nodeId))))
}

/** 1 for each entry that satisfies all conditions. */
export function entriesSatisfying(type: SearchedType, conditions: readonly Condition[]): Uint8Array {
  const satisfying = new Uint8Array(type.size).fill(1)
  for (const condition of conditions) {
    const { codes, values } = type.column(condition.attribute)
    const good = values.map((value) => satisfies(value, condition))
    const without = satisfies(undefined, condition)
    for (let entry = 0; entry < satisfying.length; entry++) {
      const code = codes[entry] ?? -1
      if (!(code < 0 ? without : good[code])) satisfying[entry] = 0
    }
  }
  return satisfying
}

function having(type: SearchedType, wanted: Uint8Array): Set<string> {
  const nodes = new Set<string>()
  for (const [nodeId, entries] of type.nodes) {
    for (let index = 0; index < entries.length; index++) {
      if (wanted[entries[index]!] !== 1) continue
      nodes.add(nodeId)
      break
    }
  }
  return nodes
}
