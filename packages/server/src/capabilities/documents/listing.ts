import type { DocumentKeyValuesFilter, ListDocumentsRequest, Tag } from '@steward/model/generated/ssm.ts'
import type { Scope } from '#kernel/scope.ts'
import { isPredefined, shownName } from './document-version.ts'
import { invalidFilterKey, legacyAndNewFilters } from './errors.ts'
import { isEveryone } from './sharing.ts'
import type { Visible } from './store.ts'

// An account has few documents, so a list takes all that it may see and filters here: predefined and stored ones alike.

/** A filter of `ListDocuments`: the document satisfies it with any of its values. */
export interface ListFilter {
  readonly key: string
  readonly values: readonly string[]
}

type Test = (listed: Visible, value: string, scope: Scope) => boolean

const TESTS: Readonly<Record<string, Test>> = {
  Name: ({ document }, value) => document.name.startsWith(value),
  Owner: (listed, value, scope) => owners(listed, scope).includes(value),
  PlatformTypes: ({ version }, value) => version.platformTypes.some((platform) => platform === value),
  DocumentType: ({ document }, value) => document.type === value,
  TargetType: ({ version }, value) => version.targetType === value,
  SearchKeyword: ({ document, version }, value) =>
    [document.name, version.displayName].some((text) => text?.toLowerCase().includes(value.toLowerCase())),
}

/** The filters of a request in one form; refuses keys that do not exist and both forms at once. */
export function listFilters(input: ListDocumentsRequest): ListFilter[] {
  const { DocumentFilterList: legacy = [], Filters: filters = [] } = input
  if (legacy.length > 0 && filters.length > 0) throw legacyAndNewFilters()
  return [...legacy.map(({ key, value }) => ({ key, values: [value] })), ...filters.map(toFilter)]
}

function toFilter({ Key: key = '', Values: values = [] }: DocumentKeyValuesFilter): ListFilter {
  if (!Object.hasOwn(TESTS, key) && tagKey(key) === undefined) throw invalidFilterKey()
  return { key, values }
}

/** The key of a `tag:…` filter. */
export function tagKey(key: string): string | undefined {
  return key.startsWith('tag:') && key.length > 4 ? key.slice(4) : undefined
}

/** Whether a document is in the list: each key is to be satisfied, by any of its filters. Public ones of other accounts are listed only if they are asked for. */
export function isListed(scope: Scope, listed: Visible, filters: readonly ListFilter[], tags: readonly Tag[]): boolean {
  const isStrangers = owners(listed, scope).length === 1 && isEveryone(listed.sharedWith)
  if (isStrangers && !filters.some(({ key }) => key === 'Owner')) return false
  const satisfied = ({ key, values }: ListFilter) => {
    const wantedTag = tagKey(key)
    if (wantedTag === undefined) return values.some((value) => TESTS[key]!(listed, value, scope))
    const tag = tags.find(({ Key }) => Key === wantedTag)
    return tag !== undefined && (values.length === 0 || values.includes(tag.Value))
  }
  return Map.groupBy(filters, ({ key }) => key)
    .values()
    .every((alternatives) => alternatives.some(satisfied))
}

/** The values of the filter `Owner` that a document answers to. */
function owners({ document, sharedWith }: Visible, { account }: Scope): string[] {
  if (isPredefined(document)) return ['Amazon']
  const own = document.scope.account === account ? ['Self'] : []
  if (isEveryone(sharedWith)) return [...own, 'Public']
  return own.length > 0 ? own : ['Private']
}

/** Puts a list in the order in which it is paged: that of the names that it shows. */
export function inOrder<L extends Visible>(scope: Scope, listed: readonly L[]): L[] {
  const name = (one: L) => shownName(scope, one.document)
  return [...listed].sort((one, other) => (name(one) < name(other) ? -1 : 1))
}
