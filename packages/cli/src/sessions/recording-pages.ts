import type { steward } from '@steward/model'
import type { Api, Wire } from '#api.ts'

export type Recording = Wire<steward.SessionRecording>

/** The lines of a recording, page by page; `wait`: also those to come, until it is sealed. */
export async function* recordingPages(
  api: Api,
  SessionId: string,
  { wait = false, signal }: { readonly wait?: boolean; readonly signal?: AbortSignal } = {},
): AsyncGenerator<{ readonly recording: Recording; readonly lines: readonly string[] }> {
  const of = { SessionId, ...(wait ? { WaitSeconds: 20 } : {}) }
  let NextToken: string | undefined
  do {
    const page = await api.steward('GetSessionRecording', { ...of, NextToken }, signal)
    const lines = page.Lines ?? []
    yield { recording: page.Recording ?? {}, lines }
    // Of a recording that goes on there is always another page.
    if (!wait && lines.length === 0) return
    NextToken = page.NextToken
  } while (NextToken)
}

/** Why there is nothing to see in a recording; undefined if there is. */
export function nothingToSee({ Content, Destination }: Recording): string | undefined {
  if (Content === 'Encrypted') return 'The session was encrypted between its two ends: nothing of it could be recorded.'
  if (Content !== 'None') return undefined
  return `The session carried a port${Destination ? `, ${Destination}` : ''}: only what is known of it was recorded.`
}
