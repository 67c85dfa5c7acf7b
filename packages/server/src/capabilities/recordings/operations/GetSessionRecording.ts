import { sessionArn } from '#capabilities/sessions/index.ts'
import type { OpenCall } from '#kernel/declare.ts'
import { keyOf, mustFind, openedChunks } from '../reading.ts'
import { toRecording } from '../recording.ts'
import { steward } from '../steward.ts'
import type { RecordingTable } from '../tables.ts'
import { noteViews } from '../views.ts'

const MAX_BYTES = 1024 * 1024
/** How often a waiting follower looks. */
const LOOK_MS = 100

/** Chunk after which the next page begins. */
type Cursor = number

/**
 * Our own operation: the lines of a recording, an asciicast of version 2, while the session goes on and afterwards (SM-12). `NextToken`
 * goes on where the last answer ended, and is given until the recording is sealed and everything was read; with `WaitSeconds` the
 * answer waits for news.
 */
export const GetSessionRecording = steward.open('GetSessionRecording', {
  access: ({ SessionId }, { scope }) => ({
    action: 'steward:GetSessionRecording',
    resources: [sessionArn(scope, SessionId)],
  }),
  recordedFirst: () => true,

  async handle({ SessionId, MaxBytes = MAX_BYTES, WaitSeconds = 0 }, call) {
    const after = call.cursor<Cursor>()
    const row = await call.read((reader) => mustFind(reader, call.scope, SessionId))
    if (after === undefined)
      await call.write((tx) => noteViews(tx, call, [SessionId], row.ended_at === null ? 'Watch' : 'Replay'))
    const page = await news(row, after ?? 0, MaxBytes, WaitSeconds * 1000, call)
    return {
      Recording: toRecording(page.row),
      Lines: page.lines,
      Complete: page.complete,
      NextToken: page.complete ? undefined : call.nextToken(page.number),
    }
  },
})

interface Page {
  readonly row: RecordingTable
  readonly lines: string[]
  readonly number: number
  readonly complete: boolean
}

async function news(
  begun: RecordingTable,
  after: number,
  bytes: number,
  waitMs: number,
  call: OpenCall,
): Promise<Page> {
  const until = performance.now() + waitMs
  for (let row = begun; ; ) {
    const page = await pageOf(row, after, bytes, call)
    if (page.lines.length > 0 || page.complete || call.signal.aborted || performance.now() >= until) return page
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    // Before the chunks: what is written between the two looks is then found by the next one.
    row = await call.read((reader) => mustFind(reader, call.scope, row.session_id))
  }
}

/** At least one chunk, if there is one. */
async function pageOf(row: RecordingTable, after: number, bytes: number, call: OpenCall): Promise<Page> {
  const lines: string[] = []
  let [number, left] = [after, bytes]
  for await (const chunk of openedChunks(call.read, keyOf(call.vault, row), after)) {
    lines.push(...chunk.opened)
    number = chunk.number
    left -= chunk.opened.reduce((sum, { length }) => sum + length, 0)
    if (left <= 0 || call.signal.aborted) return { row, lines, number, complete: false }
  }
  return { row, lines, number, complete: row.ended_at !== null }
}
