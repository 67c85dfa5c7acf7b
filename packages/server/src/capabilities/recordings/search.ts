/**
 * Finds text in what sessions showed, the latest session first. Recordings rest encrypted, so they are opened one after the other; a page is
 * searched for a while and may have fewer lines than asked for, and a place to go on from.
 */
import { parseCastLine } from '@steward/protocol/recording/cast.ts'
import { type ShownLine, ShownText } from '@steward/protocol/recording/shown-text.ts'
import type { Reader } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
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
    const within = new SearchWithin(recording, wanted.query, wanted.limit - matches.length, place.within)
    const stoppedAt = await searched(within.run(parts, isLate))
    matches.push(...within.found.map((line) => ({ ...line, recording })))
    if (stoppedAt) return { matches, next: { after: place.after, within: stoppedAt } }
    place = { after: { startedAt: recording.started_at, sessionId: recording.session_id } }
  }
}

/** One recording that is damaged must not hide what is in the others. `VerifySessionRecording` tells of it. */
async function searched(search: Promise<WithinPlace | undefined>): Promise<WithinPlace | undefined> {
  try {
    return await search
  } catch (error) {
    if (error instanceof ApiError && error.code === 'SessionRecordingDamaged') return undefined
    throw error
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

/** The search of one recording, from a place on. */
class SearchWithin {
  readonly found: ShownLine[] = []
  readonly #recording: RecordingTable
  readonly #query: string
  readonly #limit: number
  readonly #begin: WithinPlace
  readonly #text = new ShownText()
  /** From where the search can go on, and the matches since then. */
  #place: WithinPlace
  #seen = 0

  constructor(recording: RecordingTable, query: string, limit: number, from: WithinPlace | undefined) {
    this.#recording = recording
    this.#query = query.toLowerCase()
    this.#limit = limit
    this.#begin = from ?? { sessionId: recording.session_id, chunk: 0, given: 0 }
    this.#place = this.#begin
  }

  /** Resolves with where it stopped; undefined at the end of the recording. */
  async run({ read, vault }: SearchParts, isLate: () => boolean): Promise<WithinPlace | undefined> {
    if (this.#recording.content !== 'terminal') return undefined
    let last = this.#begin.chunk
    for await (const { number, opened } of openedChunks(read, keyOf(vault, this.#recording), last)) {
      if (this.found.length === this.#limit) return this.#here()
      // A line that never ends must not keep the search in its place.
      if (isLate()) return last > this.#begin.chunk && this.#place === this.#begin ? this.#after(last) : this.#here()
      if (!this.#take(shownIn(this.#text, opened))) return this.#here()
      last = number
      if (!this.#text.isBlank) continue
      this.#place = this.#after(number)
      this.#seen = 0
    }
    return this.#take(this.#text.end()) ? undefined : this.#here()
  }

  /** False if there is no room for all of the lines that match. */
  #take(lines: readonly ShownLine[]): boolean {
    for (const line of lines.filter(({ text }) => text.toLowerCase().includes(this.#query))) {
      if (this.#seen >= this.#place.given) {
        if (this.found.length === this.#limit) return false
        this.found.push(line)
      }
      this.#seen++
    }
    return true
  }

  #here(): WithinPlace {
    return { ...this.#place, given: Math.max(this.#seen, this.#place.given) }
  }

  #after(chunk: number): WithinPlace {
    return { ...this.#begin, chunk, given: 0 }
  }
}

function shownIn(text: ShownText, lines: readonly string[]): ShownLine[] {
  return lines.flatMap((line) => {
    const event = parseCastLine(line)
    return event?.code === 'o' ? text.add(event.data, event.milliseconds) : []
  })
}
