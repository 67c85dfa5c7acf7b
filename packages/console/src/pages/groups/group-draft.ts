/** A group as the form has it. */
import { shellWords } from '#components/shell-words.ts'
import { groups } from '#texts/groups.ts'
import type { GroupDetails } from './read-groups.ts'

export interface TagDraft {
  readonly key: string
  /** As written: separated by commas. */
  readonly values: string
}

export interface GroupDraft {
  readonly name: string
  readonly description: string
  readonly kind: 'tags' | 'listed' | 'stack'
  /** None: all types. */
  readonly types: readonly string[]
  readonly tags: readonly TagDraft[]
}

export const ALL_TYPES = 'AWS::AllSupported'
const NODE = 'AWS::SSM::ManagedInstance'

/** The types of which there can be something here. */
export const TYPES = Object.keys(groups.types)

export const NEW_GROUP: GroupDraft = {
  name: '',
  description: '',
  kind: 'tags',
  types: [NODE],
  tags: [{ key: '', values: '' }],
}

export function draftOf({ name, description, query }: GroupDetails): GroupDraft {
  if (!query) return { name, description, kind: 'listed', types: [], tags: [] }
  const { ResourceTypeFilters = [], TagFilters = [] } = JSON.parse(query.Query) as {
    ResourceTypeFilters?: string[]
    TagFilters?: { Key: string; Values?: string[] }[]
  }
  return {
    name,
    description,
    kind: query.Type === 'TAG_FILTERS_1_0' ? 'tags' : 'stack',
    types: ResourceTypeFilters.filter((type) => type !== ALL_TYPES),
    tags: TagFilters.map(({ Key, Values = [] }) => ({ key: Key, values: Values.join(', ') })),
  }
}

/** The text of the query. */
export function queryOf({ types, tags }: GroupDraft): string {
  const TagFilters = tagFilters(tags)
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

function valuesOf(text: string): string[] {
  return text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '')
}

const NAME = /^(?!aws)[A-Za-z0-9_.-]{1,300}$/i

export function isName(name: string): boolean {
  return NAME.test(name)
}

export function createInput({ name, description, ...draft }: GroupDraft) {
  return {
    Name: name,
    ...(description && { Description: description }),
    ...(draft.kind === 'tags' && { ResourceQuery: resourceQuery({ name, description, ...draft }) }),
  }
}

export function resourceQuery(draft: GroupDraft) {
  return { Type: 'TAG_FILTERS_1_0', Query: queryOf(draft) } as const
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
    draft.kind === 'tags' &&
      shellWords(
        ...[...update, 'update-group-query', '--group', draft.name],
        ...['--resource-query', JSON.stringify(resourceQuery(draft))],
      ),
  ]
    .filter(Boolean)
    .join('\n')
}
