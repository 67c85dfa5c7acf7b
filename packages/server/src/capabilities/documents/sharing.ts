import type { Document } from './document-version.ts'
import { accountsAllOrGroup, tooManyShares } from './errors.ts'

/**
 * What stands for every account, in the place of an account id: told as it was given, since Terraform compares that with its
 * configuration, where both are found.
 */
export const EVERYONE: readonly string[] = ['All', 'all']

const MAX_ACCOUNTS = 1000

/** One account, or one of {@link EVERYONE}, and which versions it may read: `$DEFAULT`, `$LATEST` or `$ALL`. */
export interface Share {
  readonly sharedWith: string
  readonly sharedVersion: string
}

export function isEveryone(receiver: string | undefined): boolean {
  return receiver !== undefined && EVERYONE.includes(receiver)
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
  const changed = new Map(shares.map((share) => [receiverKey(share.sharedWith), share]))
  for (const sharedWith of adding) changed.set(receiverKey(sharedWith), share(sharedWith, sharedVersion))
  for (const sharedWith of removing) changed.delete(receiverKey(sharedWith))
  if (changed.size > 1 && [...changed.keys()].some(isEveryone)) throw accountsAllOrGroup()
  if (changed.size > MAX_ACCOUNTS) throw tooManyShares(MAX_ACCOUNTS)
  return [...changed.values()]
}

/** What is shared with everyone is shared in every version. */
function share(sharedWith: string, sharedVersion: string): Share {
  return { sharedWith, sharedVersion: isEveryone(sharedWith) ? '$ALL' : sharedVersion }
}

/** The API takes «all» in any case. */
function receivers(accounts: readonly string[]): string[] {
  const all = accounts.map((account) =>
    account === 'all' ? account : account.toLowerCase() === 'all' ? 'All' : account,
  )
  if (all.some(isEveryone) && new Set(all.map(receiverKey)).size > 1) throw accountsAllOrGroup()
  return all
}

/** Both spellings of everyone are one receiver. */
function receiverKey(receiver: string): string {
  return isEveryone(receiver) ? 'All' : receiver
}
