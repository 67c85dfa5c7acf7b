/** How recordings are read: chunk by chunk, opened with the recording's own key. */
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Vault } from '#kernel/vault.ts'
import { type ChunkKey, dataKeyAad, openChunk } from './chunk.ts'
import { recordingDamaged, recordingNotFound, recordingUnreadable } from './errors.ts'
import { chunksAfter, findRecording } from './store.ts'
import type { ChunkTable, RecordingTable } from './tables.ts'

export async function mustFind(reader: Reader, scope: Scope, sessionId: string): Promise<RecordingTable> {
  const row = await findRecording(reader, scope, sessionId)
  if (!row) throw recordingNotFound(sessionId)
  return row
}

/** Throws `SessionRecordingDamaged` if the master key is not there. */
export function keyOf(vault: Vault, { session_id, data_key }: RecordingTable): ChunkKey {
  try {
    return { sessionId: session_id, key: vault.open(data_key, dataKeyAad(session_id)) }
  } catch (error) {
    throw recordingUnreadable(session_id, error)
  }
}

export interface OpenedChunk extends ChunkTable {
  readonly opened: readonly string[]
}

/** Chunks that are read together. */
const AT_ONCE = 16

type Read = <T>(work: (reader: Reader) => Promise<T>) => Promise<T>

/** The chunks after `number`, one after the other. Throws `SessionRecordingDamaged` at one that is not as it was. */
export async function* openedChunks(read: Read, key: ChunkKey, number: number): AsyncGenerator<OpenedChunk> {
  for (let after = number; ; ) {
    const chunks = await read((reader) => chunksAfter(reader, key.sessionId, after, AT_ONCE))
    for (const chunk of chunks) {
      yield { ...chunk, opened: openedLines(key, chunk) }
      // Others want to be answered too.
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (chunks.length < AT_ONCE) return
    after = chunks.at(-1)!.number
  }
}

function openedLines(key: ChunkKey, chunk: ChunkTable): string[] {
  try {
    return openChunk(key, chunk.number, chunk.data)
  } catch (error) {
    throw recordingDamaged(key.sessionId, chunk.lines, error)
  }
}
