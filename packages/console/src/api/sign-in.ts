/**
 * Who is signed in, in this tab. The credentials are temporary and live in memory and in the tab's own storage, which ends with
 * it; nothing secret is in local storage. Tabs of this browser share them: one that opens asks the others, and new ones are told to
 * all, so that a link in a new tab works and a tab stays signed in while the person works in another. While the person does
 * something the credentials are renewed; idle ones run out, here and on the server.
 */
import { useSyncExternalStore } from 'react'

export interface SignedIn {
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken: string
    readonly expiration: Date
  }
  readonly principal: { readonly arn: string; readonly name: string }
  readonly account: string
  readonly region: string
}

/** Why nobody is signed in: so far, by choice, or because the credentials ran out. */
export type SignedOutBecause = 'new' | 'chosen' | 'expired'

type State = { readonly signedIn: SignedIn } | { readonly signedIn?: undefined; readonly because: SignedOutBecause }

const STORED = 'steward.sign-in'
const ASK_MS = 150

let state: State = restored()
const listeners = new Set<() => void>()
const otherTabs = new BroadcastChannel('steward.sign-in')

otherTabs.onmessage = ({ data }: MessageEvent<{ ask?: true; give?: string; over?: true }>) => {
  if (data.ask) give()
  else if (data.give) take(data.give)
  else if (data.over) become({ because: 'chosen' })
}

function give(): void {
  if (state.signedIn) otherTabs.postMessage({ give: JSON.stringify(state.signedIn) })
}

/** For a tab where nobody is signed in, or the same person with credentials that end sooner. */
function take(text: string): void {
  const given = parsed(text)
  if (!given.signedIn) return
  const mine = state.signedIn
  const isSame = mine?.principal.arn === given.signedIn.principal.arn
  if (!mine || (isSame && given.signedIn.credentials.expiration > mine.credentials.expiration)) become(given)
}

/** The sign-in of this tab, or why there is none; renders again when it changes. */
export function useSignIn(): State {
  return useSyncExternalStore(onSignInChange, () => state)
}

/** The sign-in of this tab. */
export function signedIn(): SignedIn | undefined {
  return state.signedIn
}

/** Resolves once other tabs had the time to give their sign-in to a tab that has none. */
export async function askOtherTabs(): Promise<void> {
  if (state.signedIn) return
  otherTabs.postMessage({ ask: true })
  await new Promise<void>((resolve) => {
    const done = () => {
      listeners.delete(done)
      resolve()
    }
    listeners.add(done)
    setTimeout(done, ASK_MS)
  })
}

/** Signs this tab in, or goes on with renewed credentials; others of the same person, and those of nobody, too. */
export function signIn(given: SignedIn): void {
  become({ signedIn: given })
  give()
}

/** Signs out: this tab, and by choice all others. */
export function signOut(because: SignedOutBecause): void {
  if (because === 'chosen') otherTabs.postMessage({ over: true })
  become({ because })
}

/** Calls `listener` when somebody signs in or out, and when credentials are renewed. Returns how to stop. */
export function onSignInChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function become(next: State): void {
  state = next
  if (next.signedIn) sessionStorage.setItem(STORED, JSON.stringify(next.signedIn))
  else sessionStorage.removeItem(STORED)
  for (const listener of [...listeners]) listener()
}

function restored(): State {
  const stored = sessionStorage.getItem(STORED)
  return stored ? parsed(stored) : { because: 'new' }
}

function parsed(text: string): State {
  const given = JSON.parse(text) as SignedIn
  const expiration = new Date(given.credentials.expiration)
  if (expiration.getTime() < Date.now()) return { because: 'expired' }
  return { signedIn: { ...given, credentials: { ...given.credentials, expiration } } }
}
