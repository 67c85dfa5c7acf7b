import type { Expression, RawBuilder } from 'kysely'
import type { TagFilter } from '#capabilities/tags/index.ts'

/** What lists of nodes can be narrowed by. */
export type NodeAttribute =
  | 'activationId'
  | 'agentName'
  | 'agentVersion'
  | 'computerName'
  | 'iamRole'
  | 'instanceStatus'
  | 'ipAddress'
  | 'name'
  | 'nodeId'
  | 'pingStatus'
  | 'platformName'
  | 'platformType'
  | 'platformVersion'
  | 'isLatestVersion'
  | 'lastPingAt'
  | 'registeredAt'

export type Operator = 'Equal' | 'NotEqual' | 'BeginWith' | 'Contains' | 'LessThan' | 'GreaterThan'

/**
 * One condition on a node. Several values are alternatives, save for NotEqual, which excludes each of them; an attribute that
 * a node has not told is equal to nothing.
 */
export type NodeCondition =
  | { readonly attribute: NodeAttribute; readonly operator: Operator; readonly values: readonly string[] }
  | { readonly tag: TagFilter }
  /** What holds for all nodes of an account and Region alike, such as their Region. */
  | { readonly always: boolean }
  /** Whether the node has told the attribute at all. */
  | { readonly attribute: NodeAttribute; readonly told: boolean }
  /** The tag has a value, by another operator than equality. */
  | { readonly tagKey: string; readonly operator: Operator; readonly values: readonly string[] }
  /** What another capability knows of the node with that id, in SQL. */
  | {
      readonly known: (nodeId: Expression<string>) => Expression<string | null>
      readonly operator: Operator
      readonly values: readonly string[]
    }
  /** One of the values that another capability knows of nodes, in SQL: rows of `resource_id` and `value`. */
  | { readonly oneOf: RawBuilder<unknown>; readonly operator: Operator; readonly values: readonly string[] }
  /** One of the tags has the key, or none. */
  | { readonly tagKey: string; readonly told: boolean }
  /** Anything that is known of the node has the word in it; it is in lower case. */
  | { readonly word: string }

export function equal(attribute: NodeAttribute, values: readonly string[]): NodeCondition {
  return { attribute, operator: 'Equal', values }
}

/** The condition on something that has this one value for every node, or none (undefined). */
export function constant(value: string | undefined, operator: Operator, values: readonly string[]): NodeCondition {
  switch (operator) {
    case 'Equal':
      return { always: value !== undefined && values.includes(value) }
    case 'NotEqual':
      return { always: value === undefined || !values.includes(value) }
    case 'BeginWith':
      return { always: value !== undefined && values.some((start) => value.startsWith(start)) }
    case 'Contains':
      return { always: value !== undefined && values.some((part) => value.toLowerCase().includes(part.toLowerCase())) }
    case 'LessThan':
      return { always: value !== undefined && values.some((limit) => value < limit) }
    case 'GreaterThan':
      return { always: value !== undefined && values.some((limit) => value > limit) }
  }
}

/** The filter on tags that a key such as `tag:Stack` or `tag-key` asks for; undefined if the key is not about tags. */
export function tagFilter(key: string, values: readonly string[]): TagFilter | undefined {
  if (key === 'tag-key') return { keys: values }
  return /^tag:./s.test(key) ? { key: key.slice('tag:'.length), values } : undefined
}
