/** Walks along the lines of a recording, a stretch at a time, and says where it is not as it was. */
import { CAST_GENESIS, castHash } from '@steward/protocol/recording/cast-chain.ts'
import type { Reader } from '#db/database.ts'
import type { AuditProof } from '#kernel/declare.ts'
import { type ChunkKey, openChunk } from './chunk.ts'
import type { Ending } from './recording.ts'
import { sealText } from './seal.ts'
import { chunksAfter } from './store.ts'
import type { ChunkTable, RecordingTable } from './tables.ts'

/** How far the walk has come. */
export interface Walk {
  readonly chunk: number
  readonly lines: number
  readonly hash: string
}

export interface Fault {
  readonly line: number
  readonly reason: string
}

export interface Stretch {
  readonly walk: Walk
  /** Whether the end was reached, or a fault. */
  readonly complete: boolean
  readonly fault?: Fault
}

export const WALK_BEGIN: Walk = { chunk: 0, lines: 0, hash: CAST_GENESIS }

/** `row` must have been read before. Of a recording that goes on, what is there is verified. */
export async function verifyStretch(
  reader: Reader,
  row: RecordingTable,
  key: ChunkKey,
  walk: Walk,
  proof: AuditProof,
): Promise<Stretch> {
  const [chunk] = await chunksAfter(reader, row.session_id, walk.chunk, 1)
  if (chunk) return passed(walk, chunk, key)
  const fault = row.ended_at === null ? undefined : faultOfEnd(row as RecordingTable & Ending, walk, proof)
  return { walk, complete: true, ...(fault && { fault: { line: walk.lines, reason: fault } }) }
}

function passed(walk: Walk, chunk: ChunkTable, key: ChunkKey): Stretch {
  const broken = (reason: string): Stretch => ({ walk, complete: true, fault: { line: walk.lines + 1, reason } })
  if (chunk.number !== walk.chunk + 1) return broken('It is missing: the recording goes on with later lines.')
  let lines: string[]
  try {
    lines = openChunk(key, chunk.number, chunk.data)
  } catch {
    return broken('It was changed: it does not open with the key of the recording.')
  }
  const hash = lines.reduce(castHash, walk.hash)
  const next = { chunk: chunk.number, lines: walk.lines + lines.length, hash }
  if (hash !== chunk.hash || next.lines !== chunk.lines)
    return broken('The lines from here on do not have the hash that they were chained with.')
  return { walk: next, complete: false }
}

function faultOfEnd(row: RecordingTable & Ending, walk: Walk, proof: AuditProof): string | undefined {
  if (row.seal !== proof.seal(sealText(row))) return 'The seal of the recording is not of this installation.'
  if (row.lines === walk.lines && row.hash === walk.hash) return undefined
  return `The recording had ${row.lines} lines when it was sealed, and other ones.`
}
