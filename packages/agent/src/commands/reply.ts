import { formatReply, type ReplyingAgent, type StepResult } from '@steward/protocol'
import type { CommandState, JournalRecord } from '#commands/journal-record.ts'
import { agentName, agentVersion } from '#version.ts'

const replyingAgent: ReplyingAgent = {
  lang: 'en-US',
  name: agentName,
  os: process.platform,
  osver: '1',
  ver: agentVersion,
}

/**
 * The reply that tells of a record. It is made from the journal alone, so that a reply that is sent again after a crash
 * says the same. `steps` of the last one are those of a document with a single step, as in Amazon's agent.
 */
export function replyContent(record: JournalRecord, state: CommandState): string {
  const results = [...state.stepEnded.values()].map(({ result }) => result)
  const bare = {
    agent: replyingAgent,
    dateTime: 'at' in record ? record.at : '',
    statusCounts: countStatuses(results),
    documentTraceOutput: '',
    steps: {},
  }
  switch (record.type) {
    case 'stepEnded':
      return formatReply({ ...bare, documentStatus: 'InProgress', steps: { [record.name]: record.result } })
    case 'rebooting':
      return formatReply({ ...bare, documentStatus: 'SuccessAndReboot' })
    case 'finished': {
      const told = record.steps.flatMap((step) => state.stepEnded.get(step) ?? [])
      const steps = Object.fromEntries(told.map(({ name, result }) => [name, result]))
      return formatReply({ ...bare, documentStatus: record.status, documentTraceOutput: record.trace, steps })
    }
    default:
      return formatReply({ ...bare, documentStatus: 'InProgress' })
  }
}

function countStatuses(results: StepResult[]): { [status: string]: number } {
  const counts: { [status: string]: number } = {}
  for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
