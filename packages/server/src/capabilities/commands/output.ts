/**
 * The full output of a command, as our own agents send it while it runs (RC-21): stored in pieces, bounded for each node,
 * read by those who follow it in the order in which it arrived.
 */
import { noteChange } from '#db/changes.ts'
import { type Reader, tables } from '#db/database.ts'
import type { ChannelContext, OutputAccepted } from '#kernel/declare.ts'
import type { CommandTables, OutputRow } from './tables.ts'

/** The most that is kept of one command on one node, in bytes. */
export const OUTPUT_BOUND = 64 * 1024 * 1024

interface Piece {
  readonly commandId: string
  readonly nodeId: string
  readonly step: string
  readonly stream: 'stdout' | 'stderr'
  readonly offset: number
  readonly data: Uint8Array
}

/**
 * Keeps a piece if it follows what is kept of its stream. A repeated piece is acknowledged again; one after a gap is answered
 * with where the gap begins, so that the agent goes back there. Undefined if the node was never sent the command.
 */
export async function storeOutput(piece: Piece, { db }: ChannelContext): Promise<OutputAccepted | undefined> {
  const { commandId, nodeId, step, stream, data } = piece
  const invocation = await tables<CommandTables>(db)
    .selectFrom('command_invocation')
    .select('output_bytes')
    .where('command_id', '=', commandId)
    .where('node_id', '=', nodeId)
    .executeTakeFirst()
  if (!invocation) return undefined
  const kept = await streamLength(piece, db)
  if (piece.offset !== kept || data.length === 0) return { offset: kept, stop: false }
  if (invocation.output_bytes + data.length > OUTPUT_BOUND) return { offset: kept, stop: true }
  await tables<CommandTables>(db)
    .insertInto('command_output')
    .values({
      command_id: commandId,
      node_id: nodeId,
      step,
      stream,
      start_byte: kept,
      length: data.length,
      sequence: (await lastSequence(commandId, db)) + 1,
      data: Buffer.from(data),
    })
    .execute()
  await tables<CommandTables>(db)
    .updateTable('command_invocation')
    .set({ output_bytes: invocation.output_bytes + data.length })
    .where('command_id', '=', commandId)
    .where('node_id', '=', nodeId)
    .execute()
  noteChange(db, { kind: 'invocations', of: commandId, ids: [nodeId] })
  return { offset: kept + data.length, stop: false }
}

async function streamLength({ commandId, nodeId, step, stream }: Piece, db: Reader): Promise<number> {
  const last = await tables<CommandTables>(db)
    .selectFrom('command_output')
    .select(['start_byte', 'length'])
    .where('command_id', '=', commandId)
    .where('node_id', '=', nodeId)
    .where('step', '=', step)
    .where('stream', '=', stream)
    .orderBy('start_byte', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last ? last.start_byte + last.length : 0
}

async function lastSequence(commandId: string, db: Reader): Promise<number> {
  const last = await tables<CommandTables>(db)
    .selectFrom('command_output')
    .select('sequence')
    .where('command_id', '=', commandId)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.sequence ?? 0
}

/** The first bytes of a stream as it was sent so far. */
export async function beginningOf(
  { commandId, nodeId, step, stream }: Pick<Piece, 'commandId' | 'nodeId' | 'step' | 'stream'>,
  maxBytes: number,
  db: Reader,
): Promise<{ data: Buffer; isAll: boolean }> {
  const pieces = await tables<CommandTables>(db)
    .selectFrom('command_output')
    .select('data')
    .where('command_id', '=', commandId)
    .where('node_id', '=', nodeId)
    .where('step', '=', step)
    .where('stream', '=', stream)
    .where('start_byte', '<=', maxBytes)
    .orderBy('start_byte')
    .execute()
  const data = Buffer.concat(pieces.map((piece) => piece.data))
  return { data: data.subarray(0, maxBytes), isAll: data.length <= maxBytes }
}

export interface OutputFilter {
  readonly commandId: string
  readonly nodeId: string | undefined
  readonly step: string | undefined
  readonly stream: 'stdout' | 'stderr' | undefined
}

/** Pieces after `sequence` in order of arrival, as many as fit into `maxBytes` (at least one, if there is one). */
export async function outputAfter(
  filter: OutputFilter,
  sequence: number,
  maxBytes: number,
  db: Reader,
): Promise<OutputRow[]> {
  let query = tables<CommandTables>(db)
    .selectFrom('command_output')
    .selectAll()
    .where('command_id', '=', filter.commandId)
    .where('sequence', '>', sequence)
  if (filter.nodeId) query = query.where('node_id', '=', filter.nodeId)
  if (filter.step) query = query.where('step', '=', filter.step)
  if (filter.stream) query = query.where('stream', '=', filter.stream)
  const rows = await query.orderBy('sequence').limit(256).execute()
  return withinBytes(rows, maxBytes)
}

function withinBytes(rows: OutputRow[], maxBytes: number): OutputRow[] {
  let bytes = 0
  const fitting = rows.findIndex((row) => {
    bytes += row.length
    return bytes > maxBytes
  })
  return fitting < 0 ? rows : rows.slice(0, Math.max(1, fitting))
}
