import { createStore } from '#api/store.ts'

/** An address that a terminal showed and that the person clicked: to be asked about, because the node chose it. */
export const askedLink = createStore<string | undefined>(undefined)

/** Asks whether to go there; what is no web address is not even asked about. */
export function askForLink(address: string): void {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') askedLink.set(url.href)
}
