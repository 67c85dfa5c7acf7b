/** What is different between two contents of a type on a node. Pure. */
import type { Entry } from './entry-codec.ts'
import { AWS_TYPES } from './inventory-type.ts'
import type { ChangeKindName } from './tables.ts'

export interface ContentChange {
  readonly kind: ChangeKindName
  readonly name: string
  readonly before: Entry | undefined
  readonly after: Entry | undefined
}

/** By what entries of custom types are recognised, if they have it. */
const CUSTOM_KEYS = ['Name', 'Id', 'Key']
const LONGEST_NAME = 512

/**
 * The changes that made `added` of `removed`, the entries that are in one content only, in order of their names. Entries with the same
 * key are one thing that was updated.
 */
export function contentChanges(typeName: string, removed: readonly Entry[], added: readonly Entry[]): ContentChange[] {
  const before = Map.groupBy(removed, (entry) => keyOf(typeName, entry))
  const changes: ContentChange[] = []
  for (const entry of added) {
    const replaced = before.get(keyOf(typeName, entry))?.shift()
    changes.push({
      kind: replaced ? 'Updated' : 'Added',
      name: nameOf(typeName, entry),
      before: replaced,
      after: entry,
    })
  }
  for (const entry of [...before.values()].flat())
    changes.push({ kind: 'Removed', name: nameOf(typeName, entry), before: entry, after: undefined })
  return changes.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
}

function keyOf(typeName: string, entry: Entry): string {
  const key = AWS_TYPES.get(typeName)?.key ?? CUSTOM_KEYS.filter((name) => name in entry).slice(0, 1)
  return JSON.stringify(key.map((name) => entry[name] ?? null))
}

/** What people call the thing: empty for a type with one entry. */
function nameOf(typeName: string, entry: Entry): string {
  const { InstalledDir, Name } = entry
  const key = AWS_TYPES.get(typeName)?.key ?? CUSTOM_KEYS.filter((name) => name in entry)
  const name =
    typeName === 'AWS:File' ? `${InstalledDir ?? ''}/${Name ?? ''}` : key[0] === undefined ? '' : entry[key[0]]
  return (name ?? '').replaceAll('\0', '').slice(0, LONGEST_NAME)
}
