/**
 * Finds lines in what a command said on its nodes, node by node. An agent's reply has the whole of a short output; of a longer one, and of
 * a step that still runs, the pieces that came meanwhile are read. A page is searched for a while and says where to go on.
 */
import { type Reader, tables } from '#db/database.ts'
import { isTruncated, stepResults } from './invocation.ts'
import type { CommandTables, InvocationRow } from './tables.ts'

/** How long one page is searched for. */
const PATIENCE_MS = 1_000
const NODES_PER_READ = 100
const PIECES_PER_READ = 32
/** Of one stream on one node; whoever finds so many reads the output itself. */
const MATCHES_PER_STREAM = 20
const LINE_LIMIT = 500
/** A line that does not end is searched in parts. */
const OPEN_LINE_LIMIT = 1024 * 1024

const STREAMS = ['stdout', 'stderr'] as const

export interface OutputQuery {
  readonly commandId: string
  readonly text: string
  readonly steps: readonly string[]
  readonly limit: number
}

export interface OutputMatch {
  readonly nodeId: string
  readonly nodeName: string
  readonly step: string
  readonly stream: (typeof STREAMS)[number]
  /** From 1. */
  readonly line: number
  readonly text: string
}

type Node = Pick<InvocationRow, 'node_id' | 'node_name' | 'replies' | 'output_bytes'>

/** Matches on the nodes after `after`, by node id. `next` is the last node that was searched; undefined at the end. */
export async function searchOutputs(
  read: <T>(work: (reader: Reader) => Promise<T>) => Promise<T>,
  query: OutputQuery,
  after: string | undefined,
): Promise<{ matches: OutputMatch[]; next: string | undefined }> {
  const until = performance.now() + PATIENCE_MS
  const matches: OutputMatch[] = []
  for (let last = after ?? ''; ; ) {
    const nodes = await read((reader) => nodesAfter(reader, query.commandId, last))
    if (nodes.length === 0) return { matches, next: undefined }
    for (const node of nodes) {
      last = node.node_id
      for (const step of query.steps) matches.push(...(await read((reader) => searchStep(reader, query, node, step))))
      if (matches.length >= query.limit || performance.now() > until) return { matches, next: last }
    }
  }
}

function nodesAfter(reader: Reader, commandId: string, nodeId: string): Promise<Node[]> {
  return tables<CommandTables>(reader)
    .selectFrom('command_invocation')
    .select(['node_id', 'node_name', 'replies', 'output_bytes'])
    .where('command_id', '=', commandId)
    .where('node_id', '>', nodeId)
    .orderBy('node_id')
    .limit(NODES_PER_READ)
    .execute()
}

async function searchStep(reader: Reader, query: OutputQuery, node: Node, step: string): Promise<OutputMatch[]> {
  const result = stepResults(node)[step]
  const isWhole = result && (!isTruncated(result) || node.output_bytes === 0)
  const found: OutputMatch[] = []
  for (const stream of STREAMS) {
    const said = stream === 'stdout' ? result?.standardOutput : result?.standardError
    const lines = isWhole
      ? [(said ?? '').split('\n')]
      : storedLines(reader, query.commandId, node.node_id, step, stream)
    for (const match of await matching(lines, query.text.toLowerCase()))
      found.push({ nodeId: node.node_id, nodeName: node.node_name, step, stream, ...match })
  }
  return found
}

async function matching(
  lists: Iterable<readonly string[]> | AsyncIterable<readonly string[]>,
  wanted: string,
): Promise<Pick<OutputMatch, 'line' | 'text'>[]> {
  const found: Pick<OutputMatch, 'line' | 'text'>[] = []
  let line = 0
  for await (const lines of lists) {
    for (const text of lines) {
      line++
      const at = text.toLowerCase().indexOf(wanted)
      if (at < 0) continue
      // Of a long line the part in which it is.
      const start = Math.max(0, at - LINE_LIMIT / 2)
      found.push({ line, text: text.slice(start, start + LINE_LIMIT).toWellFormed() })
      if (found.length === MATCHES_PER_STREAM) return found
    }
  }
  return found
}

/** The lines of a stream as it was stored, some at a time. */
async function* storedLines(
  reader: Reader,
  commandId: string,
  nodeId: string,
  step: string,
  stream: (typeof STREAMS)[number],
): AsyncGenerator<string[]> {
  const decoder = new TextDecoder()
  let open = ''
  for (let from = 0; ; ) {
    const pieces = await tables<CommandTables>(reader)
      .selectFrom('command_output')
      .select(['start_byte', 'length', 'data'])
      .where('command_id', '=', commandId)
      .where('node_id', '=', nodeId)
      .where('step', '=', step)
      .where('stream', '=', stream)
      .where('start_byte', '>=', from)
      .orderBy('start_byte')
      .limit(PIECES_PER_READ)
      .execute()
    const lastPiece = pieces.at(-1)
    if (!lastPiece) break
    from = lastPiece.start_byte + lastPiece.length
    const lines = (open + pieces.map(({ data }) => decoder.decode(data, { stream: true })).join('')).split('\n')
    open = lines.at(-1)!.length > OPEN_LINE_LIMIT ? '' : lines.pop()!
    yield lines
  }
  if (open) yield [open]
}
