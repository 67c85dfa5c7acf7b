/** Listens to the server's event stream, and has what changed read again. */
import type { QueryClient, QueryFilters } from '@tanstack/react-query'
import { messagesOf } from './event-stream.ts'
import { isForbidden, isSignedOut } from './failure.ts'
import { signedIn } from './sign-in.ts'
import { send } from './steward.ts'
import { createStore } from './store.ts'

/** `live`: changes show by themselves. `away`: the server does not answer. `off`: this caller may not listen. */
export type Connection = 'connecting' | 'live' | 'away' | 'off'

export interface Change {
  readonly kind: string
  /** What changed, if it is known which. */
  readonly ids: readonly string[]
  /** Whose they are: the command of invocations. */
  readonly of?: string | undefined
}

export const connection = createStore<Connection>('connecting')

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 15_000
/** The server says something at least every 15 seconds. */
const SILENCE_MS = 40_000
/** A page that nobody sees for so long gives its connection back: browsers have six for a server, and there may be many tabs. */
const UNSEEN_MS = 20_000
const REREAD_MS = 1_000

const listeners = new Set<(change: Change) => void>()

/** Calls `listener` for every change that this caller may know of. Returns how to stop. */
export function onChange(listener: (change: Change) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Of what changed longer ago, the server does not tell. */
const MOST_SECONDS_BACK = 60
/** That a stream asks for besides: a request may be on its way for a while. */
const ON_THE_WAY_SECONDS = 5

/**
 * Listens until `signal` ends it. The first stream begins with what changed since this began, when nothing was read yet. After every gap
 * all that is on the screen is read again.
 */
export async function listenToChanges(client: QueryClient, signal: AbortSignal): Promise<void> {
  const began = performance.now()
  let retry = FIRST_RETRY_MS
  let gap = false
  while (!signal.aborted) {
    await seen(signal)
    const back = Math.ceil((performance.now() - began) / 1000) + ON_THE_WAY_SECONDS
    if (back > MOST_SECONDS_BACK) gap = true
    try {
      const ended = await listenOnce(client, signal, gap ? {} : { SecondsBack: back }, () => {
        connection.set('live')
        retry = FIRST_RETRY_MS
        if (gap) void readAgain(client)
      })
      gap = true
      if (ended) continue
    } catch (error) {
      if (signal.aborted || isSignedOut(error)) return
      if (isForbidden(error)) {
        connection.set('off')
        return
      }
      gap = true
    }
    if (document.hidden) continue
    connection.set('away')
    await pause(retry, signal)
    retry = Math.min(2 * retry, LONGEST_RETRY_MS)
  }
}

/** Whether the server ended the stream by its own will. */
async function listenOnce(
  client: QueryClient,
  signal: AbortSignal,
  input: { readonly SecondsBack?: number },
  opened: () => void,
): Promise<boolean> {
  const silence = new AbortController()
  const unseen = new Unseen()
  let timer = setTimeout(() => silence.abort(), SILENCE_MS)
  try {
    const response = await send(
      'StreamEvents',
      input,
      signedIn(),
      AbortSignal.any([signal, silence.signal, unseen.signal]),
    )
    opened()
    for await (const { event, data } of messagesOf(response.body!)) {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), SILENCE_MS)
      if (event === 'reset') void readAgain(client)
      if (event === 'change') changed(client, JSON.parse(data) as Change)
      // The credentials of the stream ran out, as renewed ones replace them; the next stream is opened with those.
      if (event === 'end') return true
    }
    return false
  } finally {
    unseen.stop()
    clearTimeout(timer)
  }
}

/**
 * Reads again what is on the screen and is kept under such keys. What is being read for the first time may have been answered before
 * the change, and is not begun anew; so it is read once more when it is there.
 */
export async function readAgain(client: QueryClient, filters: QueryFilters = {}): Promise<void> {
  const first = client
    .getQueryCache()
    .findAll({ ...filters, fetchStatus: 'fetching', predicate: ({ state }) => state.data === undefined })
  await client.invalidateQueries(filters)
  await Promise.all(first.map(({ queryKey }) => client.invalidateQueries({ queryKey, exact: true })))
}

function changed(client: QueryClient, { kind, ids, of }: Change): void {
  for (const listener of listeners) listener({ kind, ids, of })
  const known = rereading.get(kind)
  if (known) known.again = true
  else void reread(client, kind)
}

/** Kinds that are being read again, and whether more changed meanwhile. */
const rereading = new Map<string, { again: boolean }>()

/** Reads what is on the screen of a kind. While much changes it is read at most once a second, and each time to its end. */
async function reread(client: QueryClient, kind: string): Promise<void> {
  const state = { again: true }
  rereading.set(kind, state)
  while (state.again) {
    state.again = false
    await readAgain(client, { queryKey: [kind] })
    await new Promise((resolve) => setTimeout(resolve, REREAD_MS))
  }
  rereading.delete(kind)
}

/** Aborts when nobody has seen the page for a while. */
class Unseen {
  readonly #long = new AbortController()
  readonly signal = this.#long.signal
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #changed = () => {
    clearTimeout(this.#timer)
    if (document.hidden) this.#timer = setTimeout(() => this.#long.abort(), UNSEEN_MS)
  }

  constructor() {
    document.addEventListener('visibilitychange', this.#changed)
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#changed)
    clearTimeout(this.#timer)
  }
}

/** Resolves when the page is seen, at the latest when `signal` says so. */
async function seen(signal: AbortSignal): Promise<void> {
  while (document.hidden && !signal.aborted) {
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve, { once: true })
      document.addEventListener('visibilitychange', resolve, { once: true })
    })
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
