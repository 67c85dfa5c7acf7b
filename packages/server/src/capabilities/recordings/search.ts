/**
 * Finds text in what sessions showed, the latest session first. Recordings rest encrypted, so they are opened one after the other; a page is
 * searched for a while and may have fewer lines than asked for, and a place to go on from.
 */
import { parseCastLine } from '@steward/protocol/recording/cast.ts'
import { type ShownLine, ShownText } from '@steward/protocol/recording/shown-text.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Vault } from '#kernel/vault.ts'
import { keyOf, openedChunks } from './reading.ts'
import { findRecording, listRecordings, type RecordingFilter, type RecordingPlace } from './store.ts'
import type { RecordingTable } from './tables.ts'

/** How long one page is searched for. */
const PATIENCE_MS = 1_000

export interface Search {
  readonly scope: Scope
  readonly filter: RecordingFilter
  readonly query: string
  readonly limit: number
}

/** Where a search stands: after a recording, or within one. */
export interface SearchPlace {
  readonly after: RecordingPlace | undefined
  readonly within?: WithinPlace
}

interface WithinPlace {
  readonly sessionId: string
  /** Chunks that are done with. */
  readonly chunk: number
  /** Matches since then that were given already. */
  readonly given: number
}

export interface Match extends ShownLine {
  readonly recording: RecordingTable
}

export interface Found {
  readonly matches: readonly Match[]
  /** Undefined if there are no more. */
  readonly next: SearchPlace | undefined
}

export interface SearchParts {
  readonly read: <T>(work: (reader: Reader) => Promise<T>) => Promise<T>
  readonly vault: Vault
  readonly signal: AbortSignal
}

export async function search(parts: SearchParts, wanted: Search, from: SearchPlace | undefined): Promise<Found> {
  const until = performance.now() + PATIENCE_MS
  const isLate = () => performance.now() > until || parts.signal.aborted
  const matches: Match[] = []
  let place: SearchPlace = from ?? { after: undefined }
  for (;;) {
    const recording = await nextRecording(parts, wanted, place)
    if (!recording) return { matches, next: undefined }
    const left = wanted.limit - matches.length
    const { found, stoppedAt } = await searchOne(
      parts,
      recording,
      wanted.query.toLowerCase(),
      place.within,
      left,
      isLate,
    )
    matches.push(...found.map((line) => ({ ...line, recording })))
    if (stoppedAt) return { matches, next: { after: place.after, within: stoppedAt } }
    place = { after: { startedAt: recording.started_at, sessionId: recording.session_id } }
  }
}

/** The one that the search stands in, or the one after; undefined if there is none. */
async function nextRecording(
  { read }: SearchParts,
  { scope, filter }: Search,
  { after, within }: SearchPlace,
): Promise<RecordingTable | undefined> {
  // It may have expired since the last page.
  const same = within && (await read((reader) => findRecording(reader, scope, within.sessionId)))
  return same ?? (await read((reader) => listRecordings(reader, scope, filter, after, 1)))[0]
}

interface FoundWithin {
  readonly found: readonly ShownLine[]
  /** Undefined when the recording was searched to its end. */
  readonly stoppedAt?: WithinPlace
}

async function searchOne(
  { read, vault }: SearchParts,
  recording: RecordingTable,
  query: string,
  from: WithinPlace | undefined,
  limit: number,
  isLate: () => boolean,
): Promise<FoundWithin> {
  const found: ShownLine[] = []
  if (recording.content !== 'terminal') return { found }
  const sessionId = recording.session_id
  const text = new ShownText()
  const begin = from ?? { sessionId, chunk: 0, given: 0 }
  let place: WithinPlace = begin
  let last = begin.chunk
  let seen = 0
  /** False if there is no room for all of them. */
  const take = (lines: readonly ShownLine[]) => {
    for (const line of lines.filter((one) => one.text.toLowerCase().includes(query))) {
      if (seen >= place.given) {
        if (found.length === limit) return false
        found.push(line)
      }
      seen++
    }
    return true
  }
  const stopped = () => ({ found, stoppedAt: { ...place, given: seen } })
  for await (const { number, opened } of openedChunks(read, keyOf(vault, recording), begin.chunk)) {
    if (found.length === limit) return stopped()
    // A line that never ends must not keep the search in its place.
    if (isLate())
      return last > begin.chunk && place === begin
        ? { found, stoppedAt: { sessionId, chunk: last, given: 0 } }
        : stopped()
    if (!take(shownIn(text, opened))) return stopped()
    last = number
    if (!text.isBlank) continue
    place = { sessionId, chunk: number, given: 0 }
    seen = 0
  }
  return take(text.end()) ? { found } : stopped()
}

function shownIn(text: ShownText, lines: readonly string[]): ShownLine[] {
  return lines.flatMap((line) => {
    const event = parseCastLine(line)
    return event?.code === 'o' ? text.add(event.data, event.milliseconds) : []
  })
}
