import type { Operations } from '@steward/model/generated/steward.ts'
import { type Operation, service } from '#kernel/declare.ts'
import type { EventStreams } from './event-streams.ts'

const steward = service<Operations>('steward')

/** Our own operation: hints about what changes, as they happen, for consoles and tools that show it (EVT-07). */
export function streamOperations(streams: EventStreams): Operation[] {
  const StreamEvents = steward.open('StreamEvents', {
    access: () => ({ action: 'steward:StreamEvents', resources: ['*'] }),

    async handle({ Kinds, Ids, SecondsBack }, call) {
      const wanted = { kinds: Kinds && new Set<string>(Kinds), ids: Ids && new Set(Ids) }
      return { Events: await streams.open(wanted, SecondsBack, call) }
    },
  })
  return [StreamEvents]
}
