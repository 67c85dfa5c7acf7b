import type { Document } from './document-version.ts'

/** Stands for every account, in the place of an account id. */
export const EVERYONE = 'All'

/** One account, or {@link EVERYONE}, and which versions it may read: `$DEFAULT`, `$LATEST`, `$ALL` or a number. */
export interface Share {
  readonly sharedWith: string
  readonly sharedVersion: string
}

/** Whether one of these shares opens that version to its receiver (DOC-15). */
export function opensVersion(shares: readonly Share[], document: Document, version: number): boolean {
  return shares.some(({ sharedWith, sharedVersion }) => {
    if (sharedWith === EVERYONE || sharedVersion === '$ALL') return true
    if (sharedVersion === '$DEFAULT') return version === document.defaultVersion
    if (sharedVersion === '$LATEST') return version === document.latestVersion
    return version === Number(sharedVersion)
  })
}
