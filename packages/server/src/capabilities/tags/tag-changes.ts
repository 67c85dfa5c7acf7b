import type { ResourceTypeForTagging } from '@steward/model/generated/ssm.ts'
import { noteChange } from '#db/changes.ts'
import type { Tx } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Resource } from './tag.ts'

/** What those who watch know the resources as. */
const KINDS: Partial<Record<ResourceTypeForTagging, string>> = {
  Document: 'documents',
  ManagedInstance: 'nodes',
  Parameter: 'parameters',
}

/** Other tags are a change of the resource that carries them. */
export function noteTagged(tx: Tx, { region }: Scope, { type, id }: Resource): void {
  const kind = KINDS[type]
  if (kind) noteChange(tx, { kind, ids: [id], region })
}
