import { noteChange } from '#db/changes.ts'
import type { Tx } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Resource, TaggedType } from './tag.ts'

/** What those who watch know the resources as. */
const KINDS: Partial<Record<TaggedType, string>> = {
  Document: 'documents',
  ManagedInstance: 'nodes',
  Parameter: 'parameters',
  ResourceGroup: 'groups',
}

/** Other tags are a change of the resource that carries them. */
export function noteTagged(tx: Tx, { region }: Scope, { type, id }: Resource): void {
  const kind = KINDS[type]
  if (kind) noteChange(tx, { kind, ids: [id], region })
}
