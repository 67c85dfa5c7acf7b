/**
 * Seals recordings that nobody will end: of sessions that were over before a server that was killed came back. The recorder seals within a
 * moment what it has, so a recording is left for a while after its session was first seen to be over.
 */
import { CAST_GENESIS } from '@steward/protocol/recording/cast-chain.ts'
import { sessionsThatAreOver } from '#capabilities/sessions/index.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { seal, sealRecord } from './seal.ts'
import { lastChunk, noteOver, openRecordings } from './store.ts'
import type { RecordingTable } from './tables.ts'

const MINUTE_MS = 60_000
const PATIENCE_MS = 2 * MINUTE_MS
const AT_ONCE = 100

export const sealCutRecordings = task({
  name: 'recordings.seal-cut',
  everyMs: MINUTE_MS,
  async run(context) {
    let cut = 0
    for (let after = ''; !context.signal.aborted; ) {
      const open = await context.read((reader) => openRecordings(reader, after, AT_ONCE))
      cut += await sealThoseOf(open, context)
      if (open.length < AT_ONCE) break
      after = open.at(-1)!.session_id
    }
    return { cut }
  },
})

async function sealThoseOf(open: readonly RecordingTable[], context: TaskContext): Promise<number> {
  if (open.length === 0) return 0
  const ids = open.map(({ session_id }) => session_id)
  const over = await context.read((reader) => sessionsThatAreOver(reader, ids))
  const due = new Date(context.now().getTime() - PATIENCE_MS).toISOString()
  let sealed = 0
  for (const recording of open.filter(({ session_id }) => over.has(session_id))) {
    if (recording.over_since === null)
      await context.write((tx) => noteOver(tx, recording.session_id, context.now().toISOString()))
    else if (recording.over_since <= due && (await sealCut(recording, context))) sealed++
  }
  if (sealed > 0) context.audit.added()
  return sealed
}

async function sealCut(recording: RecordingTable, { write, audit, ids, now }: TaskContext): Promise<boolean> {
  const at = now()
  return write(async (tx) => {
    const last = await lastChunk(tx, recording.session_id)
    const { lines, bytes, hash, until_ms } = last ?? { lines: 0, bytes: 0, hash: CAST_GENESIS, until_ms: 0 }
    const ended_at = new Date(Date.parse(recording.started_at) + until_ms).toISOString()
    const ending = { ...recording, ended_at, cut: 1, lines, bytes, hash }
    return seal(tx, ending, sealRecord(ending, at, ids), audit)
  })
}
