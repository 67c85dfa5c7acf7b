import { Messages } from '../data-key.ts'
import { invalid } from '../errors.ts'
import { type EventRange, type Position, readEvents } from '../event-store.ts'
import { requireGroup } from '../group-store.ts'
import { keptSince } from '../log-group.ts'
import { logs } from '../logs.ts'
import { groupNamed, meantGroup, streamArn } from '../names.ts'
import { requireStream } from '../stream-store.ts'

const MOST_EVENTS = 10_000
const NEVER = Number.MAX_SAFE_INTEGER

/**
 * Pages both ways. Its tokens are positions in the stream, good whatever else the request says, as AWS's are; at an end the token that
 * was handed in comes back, which is how callers know.
 */
export const GetLogEvents = logs.read('GetLogEvents', {
  access: (input, call) => ({
    action: 'logs:GetLogEvents',
    resources: [streamArn(call.scope, meantGroup(input), input.logStreamName)],
  }),

  async handle(input, call) {
    const group = await requireGroup(call.db, call.scope, groupNamed(input))
    const stream = await requireStream(call.db, group.id, input.logStreamName)
    const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken)
    // `endTime` does not count any more.
    const [from, to] = [Math.max(input.startTime ?? 0, keptSince(group, call.now)), input.endTime ?? NEVER]
    const range: EventRange = { groupId: group.id, streams: [stream.id], from, to, ...token?.bounds }
    const forward = token ? token.forward : (input.startFromHead ?? false)
    const rows = await readEvents(call.db, range, forward ? 'first' : 'last', input.limit ?? MOST_EVENTS)
    const messages = new Messages(call, group)
    const events = rows.map(async (row) => ({
      timestamp: row.at,
      message: await messages.open(row),
      ingestionTime: row.ingested_at,
    }))
    // Whatever comes into a period that had nothing is new.
    const first = rows[0] ?? token?.position ?? { at: from, seq: 0 }
    const last = rows.at(-1) ?? first
    return {
      events: await Promise.all(events),
      nextForwardToken: formatToken('f', last),
      nextBackwardToken: formatToken('b', first),
    }
  },
})

interface Token {
  readonly forward: boolean
  readonly position: Position
  readonly bounds: Pick<EventRange, 'after' | 'before'>
}

function formatToken(direction: 'f' | 'b', { at, seq }: Position): string {
  return `${direction}/${String(at).padStart(20, '0')}${String(seq).padStart(36, '0')}/s`
}

/** Throws `InvalidParameterException`. */
function parseToken(text: string): Token {
  const [, direction, at, seq] = /^([fb])\/(\d{20})(\d{36})\/s$/.exec(text) ?? []
  const position = { at: Number(at), seq: Number(seq) }
  if (!direction || !Number.isSafeInteger(position.at) || !Number.isSafeInteger(position.seq))
    throw invalid('The specified nextToken is invalid.')
  const forward = direction === 'f'
  return { forward, position, bounds: forward ? { after: position } : { before: position } }
}
