/** A group as the form has it. */
import { shellWords } from '#components/shell-words.ts'
import { groups } from '#texts/groups.ts'

/** A group as it is. */
export interface GroupDetails {
  readonly name: string
  readonly arn: string
  readonly description: string
  /** Undefined: its members are listed. */
  readonly query: { readonly Type: string; readonly Query: string } | undefined
}

export interface TagDraft {
  readonly key: string
  /** As written: separated by commas. */
  readonly values: string
}

/** One filter of GetInventory. */
export interface FactDraft {
  /** Type and attribute: `AWS:Application.Name`. */
  readonly key: string
  readonly operator: Operator
  /** As written: separated by commas. */
  readonly values: string
}

export const OPERATORS = ['Equal', 'NotEqual', 'BeginWith', 'LessThan', 'GreaterThan', 'Exists'] as const
export type Operator = (typeof OPERATORS)[number]

export interface GroupDraft {
  readonly name: string
  readonly description: string
  readonly kind: 'tags' | 'inventory' | 'listed' | 'stack'
  /** None: all types. */
  readonly types: readonly string[]
  readonly tags: readonly TagDraft[]
  /** Of a group by inventory. */
  readonly facts: readonly FactDraft[]
}

export const ALL_TYPES = 'AWS::AllSupported'
const NODE = 'AWS::SSM::ManagedInstance'
const BY_INVENTORY = 'STEWARD_INVENTORY_1_0'

/** The types of which there can be something here. */
export const TYPES = Object.keys(groups.types)

export const NEW_GROUP: GroupDraft = {
  name: '',
  description: '',
  kind: 'tags',
  types: [NODE],
  tags: [{ key: '', values: '' }],
  facts: [{ key: 'AWS:Application.Name', operator: 'Equal', values: '' }],
}

/** A filter as the API takes it. */
export interface InventoryFilter {
  readonly Key: string
  readonly Values: readonly string[]
  readonly Type?: Operator
}

export function draftOf({ name, description, query }: GroupDetails): GroupDraft {
  if (!query) return { name, description, kind: 'listed', types: [], tags: [], facts: [] }
  const asked = JSON.parse(query.Query) as {
    ResourceTypeFilters?: string[]
    TagFilters?: { Key: string; Values?: string[] }[]
    InventoryFilters?: InventoryFilter[]
  }
  const { ResourceTypeFilters = [], TagFilters = [], InventoryFilters = [] } = asked
  return {
    name,
    description,
    kind: KINDS[query.Type] ?? 'stack',
    facts: factsOf(InventoryFilters),
    types: ResourceTypeFilters.filter((type) => type !== ALL_TYPES),
    tags: TagFilters.map(({ Key, Values = [] }) => ({ key: Key, values: textOf(Values) })),
  }
}

const KINDS: Readonly<Record<string, GroupDraft['kind']>> = { TAG_FILTERS_1_0: 'tags', [BY_INVENTORY]: 'inventory' }

export function factsOf(filters: readonly InventoryFilter[]): FactDraft[] {
  return filters.map(({ Key, Values, Type = 'Equal' }) => ({
    key: Key,
    operator: Type,
    values: Type === 'Exists' ? '' : textOf(Values),
  }))
}

/** As the API takes them; lines without a key, or without a value to compare with, ask for nothing. */
function inventoryFilters(facts: readonly FactDraft[]): InventoryFilter[] {
  return facts
    .map(({ key, operator, values }) => ({
      Key: key.trim(),
      Values: operator === 'Exists' ? ['*'] : valuesOf(values),
      Type: operator,
    }))
    .filter(({ Key, Values }) => Key !== '' && Values.length > 0)
}

/** The text of the query. */
function queryOf({ kind, types, tags, facts }: GroupDraft): string {
  const TagFilters = tagFilters(tags)
  if (kind === 'inventory')
    return JSON.stringify({
      InventoryFilters: inventoryFilters(facts),
      ...(TagFilters.length > 0 && { TagFilters }),
    })
  return JSON.stringify({
    ResourceTypeFilters: types.length > 0 ? types : [ALL_TYPES],
    ...(TagFilters.length > 0 && { TagFilters }),
  })
}

/** As the API takes them; lines without a key ask for nothing. */
export function tagFilters(tags: readonly TagDraft[]) {
  return tags
    .filter(({ key }) => key.trim() !== '')
    .map(({ key, values }) => ({ Key: key.trim(), Values: valuesOf(values) }))
}

/** Values as people write them: separated by commas; one within a value stands behind a backslash. */
export function textOf(values: readonly string[]): string {
  return values.map((value) => value.replace(/[\\,]/g, '\\$&')).join(', ')
}

export function valuesOf(text: string): string[] {
  const parts = text.match(/(?:[^\\,]|\\.?)+/gs) ?? []
  return parts.map((part) => part.trim().replace(/\\(.)/gs, '$1')).filter((value) => value !== '')
}

/** What stands before the last of the values, which is being written. */
export function beforeLast(text: string): string {
  return /^(?:(?:[^\\,]|\\.)*,)*/s.exec(text)?.[0] ?? ''
}

const NAME = /^(?!aws)[A-Za-z0-9_.-]{1,300}$/i

export function isName(name: string): boolean {
  return NAME.test(name)
}

export function createInput({ name, description, ...draft }: GroupDraft) {
  return {
    Name: name,
    ...(description && { Description: description }),
    ...(isByQuery(draft) && { ResourceQuery: resourceQuery({ name, description, ...draft }) }),
  }
}

/** Whether it can be tried: a query by inventory must ask for something. */
export function asksSomething(draft: GroupDraft): boolean {
  return draft.kind === 'inventory' ? inventoryFilters(draft.facts).length > 0 : isByQuery(draft)
}

/** Whether its members are found by a query that the form can make. */
export function isByQuery({ kind }: Pick<GroupDraft, 'kind'>): boolean {
  return kind === 'tags' || kind === 'inventory'
}

export function resourceQuery(draft: GroupDraft) {
  return { Type: draft.kind === 'inventory' ? BY_INVENTORY : 'TAG_FILTERS_1_0', Query: queryOf(draft) } as const
}

export function createCommand(draft: GroupDraft): string {
  const { Name, Description, ResourceQuery } = createInput(draft)
  return shellWords(
    ...['aws', 'resource-groups', 'create-group', '--name', Name],
    ...(Description ? ['--description', Description] : []),
    ...(ResourceQuery ? ['--resource-query', JSON.stringify(ResourceQuery)] : []),
  )
}

export function updateCommand(draft: GroupDraft): string {
  const update = ['aws', 'resource-groups']
  return [
    shellWords(...update, 'update-group', '--group', draft.name, '--description', draft.description),
    isByQuery(draft) &&
      shellWords(
        ...[...update, 'update-group-query', '--group', draft.name],
        ...['--resource-query', JSON.stringify(resourceQuery(draft))],
      ),
  ]
    .filter(Boolean)
    .join('\n')
}
