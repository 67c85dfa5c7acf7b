/** Documents that the person marked, in this browser: names only. */

import { signedIn } from '#api/sign-in.ts'
import { createStore } from '#api/store.ts'

export const MOST_FAVOURITES = 20

const KEY = 'steward.documents.favourites'

/** Names by account: the same name is another document elsewhere. */
type Kept = Readonly<Record<string, readonly string[]>>

const kept = createStore<Kept>(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Kept)
kept.subscribe(() => localStorage.setItem(KEY, JSON.stringify(kept.get())))

export const favourites = {
  subscribe: kept.subscribe,
  set: (names: readonly string[]) => kept.set({ ...kept.get(), [account()]: names }),
  get: () => kept.get()[account()] ?? NONE,
}

const NONE: readonly string[] = []

/** Marks a document or takes the mark away. False if there are too many already. */
export function toggleFavourite(name: string): boolean {
  const names = favourites.get()
  if (names.includes(name)) favourites.set(names.filter((one) => one !== name))
  else if (names.length >= MOST_FAVOURITES) return false
  else favourites.set([...names, name])
  return true
}

function account(): string {
  return signedIn()?.account ?? ''
}
