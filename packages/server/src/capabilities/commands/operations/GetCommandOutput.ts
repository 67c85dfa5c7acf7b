import { nodeArn } from '#capabilities/nodes/index.ts'
import type { Reader } from '#db/database.ts'
import type { OpenCall } from '#kernel/declare.ts'
import { invalidCommandId, invocationDoesNotExist } from '../errors.ts'
import { type OutputFilter, outputAfter } from '../output.ts'
import { steward } from '../steward.ts'
import { findCommand, findInvocation } from '../store.ts'
import type { OutputRow } from '../tables.ts'

const MAX_BYTES = 1024 * 1024
/** How often a waiting follower looks; a person does not see the difference to at once. */
const LOOK_MS = 100

/**
 * Our own operation: the full output of a command while it runs and afterwards (RC-21). `NextToken` goes on where the last
 * answer ended and is given until the command has ended and everything was read; with `WaitSeconds` the answer waits for news.
 */
export const GetCommandOutput = steward.open('GetCommandOutput', {
  access: (input, call) => ({
    action: 'ssm:GetCommandInvocation',
    resources: [input.InstanceId ? nodeArn(call.scope, input.InstanceId) : '*'],
  }),

  async handle(input, call) {
    const filter = {
      commandId: input.CommandId,
      nodeId: input.InstanceId,
      step: input.PluginName,
      stream: input.StreamName,
    }
    const after = call.cursor<number>() ?? 0
    const maxBytes = Math.min(input.MaxBytes ?? MAX_BYTES, MAX_BYTES)
    const { rows, ended } = await news(filter, after, maxBytes, (input.WaitSeconds ?? 0) * 1000, call)
    const complete = ended && rows.length === 0
    return {
      Chunks: rows.map(toChunk),
      NextToken: complete ? undefined : call.nextToken(rows.at(-1)?.sequence ?? after),
      Complete: complete,
    }
  },
})

function toChunk(row: OutputRow) {
  return {
    InstanceId: row.node_id,
    PluginName: row.step,
    StreamName: row.stream,
    Offset: row.start_byte,
    Data: row.data,
  }
}

async function news(
  filter: OutputFilter,
  after: number,
  maxBytes: number,
  waitMs: number,
  call: OpenCall,
): Promise<{ rows: OutputRow[]; ended: boolean }> {
  const until = performance.now() + waitMs
  for (;;) {
    // The state first: output that comes between the two looks is then found by the next request.
    const ended = await call.read((reader) => hasEnded(filter, call, reader))
    const rows = await call.read((reader) => outputAfter(filter, after, maxBytes, reader))
    if (rows.length > 0 || ended || call.signal.aborted || performance.now() >= until) return { rows, ended }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

async function hasEnded({ commandId, nodeId }: OutputFilter, call: OpenCall, reader: Reader): Promise<boolean> {
  if (nodeId) {
    const invocation = await findInvocation(reader, call.scope, commandId, nodeId)
    if (!invocation) throw invocationDoesNotExist(commandId, nodeId)
    return invocation.row.stage === 'done'
  }
  const command = await findCommand(reader, call.scope, commandId)
  if (!command) throw invalidCommandId(commandId)
  return command.ended_at !== null
}
