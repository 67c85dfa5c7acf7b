import type { Document } from './document-version.ts'
import { accountsAllOrGroup, tooManyShares } from './errors.ts'

/** Stands for every account, in the place of an account id. */
export const EVERYONE = 'All'

const MAX_ACCOUNTS = 1000

/** One account, or {@link EVERYONE}, and which versions it may read: `$DEFAULT`, `$LATEST` or `$ALL`. */
export interface Share {
  readonly sharedWith: string
  readonly sharedVersion: string
}

/** Whether one of these shares opens that version to its receiver (DOC-15). */
export function opensVersion(shares: readonly Share[], document: Document, version: number): boolean {
  return shares.some(({ sharedVersion }) => {
    if (sharedVersion === '$ALL') return true
    return version === (sharedVersion === '$LATEST' ? document.latestVersion : document.defaultVersion)
  })
}

/**
 * The shares after a change (DOC-15, recorded): an account that is both added and removed is removed, one that is known gets
 * the new versions, and everyone cannot stand beside named accounts.
 */
export function changedShares(
  shares: readonly Share[],
  added: readonly string[],
  removed: readonly string[],
  sharedVersion: string,
): Share[] {
  const adding = receivers(added)
  const removing = receivers(removed)
  const changed = new Map(shares.map((share) => [share.sharedWith, share]))
  for (const sharedWith of adding) changed.set(sharedWith, share(sharedWith, sharedVersion))
  for (const sharedWith of removing) changed.delete(sharedWith)
  if (changed.has(EVERYONE) && changed.size > 1) throw accountsAllOrGroup()
  if (changed.size > MAX_ACCOUNTS) throw tooManyShares(MAX_ACCOUNTS)
  return [...changed.values()]
}

/** What is shared with everyone is shared in every version. */
function share(sharedWith: string, sharedVersion: string): Share {
  return { sharedWith, sharedVersion: sharedWith === EVERYONE ? '$ALL' : sharedVersion }
}

/** The API takes «all» in any case. */
function receivers(accounts: readonly string[]): string[] {
  const all = accounts.map((account) => (account.toLowerCase() === 'all' ? EVERYONE : account))
  if (all.includes(EVERYONE) && new Set(all).size > 1) throw accountsAllOrGroup()
  return all
}
