/** Listens to the server's event stream, and has what changed read again. */
import type { QueryClient } from '@tanstack/react-query'
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
}

export const connection = createStore<Connection>('connecting')

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 15_000
/** The server says something at least every 15 seconds. */
const SILENCE_MS = 40_000

const listeners = new Set<(change: Change) => void>()

/** Calls `listener` for every change that this caller may know of. Returns how to stop. */
export function onChange(listener: (change: Change) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Listens until `signal` ends it. After every gap all that is on the screen is read again. */
export async function listenToChanges(client: QueryClient, signal: AbortSignal): Promise<void> {
  let retry = FIRST_RETRY_MS
  let gap = false
  while (!signal.aborted) {
    try {
      await listenOnce(client, signal, () => {
        connection.set('live')
        retry = FIRST_RETRY_MS
        if (gap) void client.invalidateQueries()
      })
    } catch (error) {
      if (signal.aborted || isSignedOut(error)) return
      if (isForbidden(error)) {
        connection.set('off')
        return
      }
    }
    gap = true
    connection.set('away')
    await pause(retry, signal)
    retry = Math.min(2 * retry, LONGEST_RETRY_MS)
  }
}

async function listenOnce(client: QueryClient, signal: AbortSignal, opened: () => void): Promise<void> {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), SILENCE_MS)
  try {
    const response = await send('StreamEvents', {}, signedIn(), AbortSignal.any([signal, silence.signal]))
    opened()
    for await (const { event, data } of messages(response)) {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), SILENCE_MS)
      if (event === 'reset') void client.invalidateQueries()
      if (event === 'change') changed(client, JSON.parse(data) as Change)
    }
  } finally {
    clearTimeout(timer)
  }
}

function changed(client: QueryClient, change: Change): void {
  void client.invalidateQueries({ queryKey: [change.kind] })
  for (const listener of listeners) listener(change)
}

/** The messages of an event stream (WHATWG HTML, 9.2.6); a comment is a message without data. */
async function* messages(response: Response): AsyncGenerator<{ event: string; data: string }> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of readable(response)) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
    rest = parts.pop() ?? ''
    for (const part of parts) yield message(part)
  }
}

function message(text: string): { event: string; data: string } {
  let event = 'message'
  const data: string[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('event:')) event = line.slice(6).trim()
    if (line.startsWith('data:')) data.push(line.slice(5).trim())
  }
  return { event, data: data.join('\n') }
}

/** Not every browser can iterate a stream. */
async function* readable({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body!.getReader()
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
  } finally {
    reader.releaseLock()
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
