import { type Change, hasNoted, noteChange } from '#db/changes.ts'
import type { Access, ChangeKind, WriteCall } from '#kernel/declare.ts'

/** A write that did not say what it changes changed, as far as anybody knows, everything of its capability. */
export function noteKinds({ db, scope }: WriteCall, kinds: readonly ChangeKind[], access: readonly Access[]): void {
  if (kinds.length === 0 || hasNoted(db)) return
  noteChange(db, { kinds, changes: () => changesOf(kinds, access, scope.region) })
}

function changesOf(kinds: readonly ChangeKind[], access: readonly Access[], region: string): Change[] {
  const resources = access.flatMap(({ resources }) => resources).map((arn) => arn.split(':').slice(5).join(':'))
  const changes: Change[] = []
  for (const { kind, idOf, isGlobal } of kinds) {
    const ids = resources.flatMap((resource) => idOf?.(resource) ?? [])
    if (!idOf || ids.length > 0) changes.push({ kind, ids, region: isGlobal ? undefined : region })
  }
  return changes
}
