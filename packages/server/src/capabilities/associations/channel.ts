/**
 * Tells a node to ask for its associations, and to stop what has run for too long.
 *
 * The first is a command AWS-RefreshAssociation that names none. Amazon's agent runs the ones that a command
 * of this kind names whatever the server says of them; of the others it runs those that are pending. So what it runs, and how often, is
 * decided where it asks (hand-out.ts), and it does no harm if this command comes late or twice.
 *
 * The second is what cancels a command, with the association's id in place of the command's. Our agent stops the run; Amazon's looks
 * among its commands only, finds none and says so (hand-out.ts has it stop by itself where it can).
 */
import { formatCancelCommand, formatSendCommand, jobIdOf, topicPrefix } from '@steward/protocol'
import type { Kysely } from 'kysely'
import { listStatement } from '#db/statement.ts'
import type { Channel, ChannelContext, Job, NodeRef } from '#kernel/declare.ts'
import { writeRun } from './run-store.ts'
import type { AssociationTables, RunTable } from './tables.ts'

/** A node that was told has so much time to ask, or to stop. */
const ANSWER_MS = 30_000
const NO_ASSOCIATION = '00000000-0000-0000-0000-000000000000'

export const associationChannel: Channel = {
  name: 'association',
  async next(nodes, context, fresh) {
    const due = Map.groupBy(await dueRuns(nodes, context, fresh), ({ node_id }) => node_id)
    return nodes
      .filter(({ nodeId }) => due.has(nodeId))
      .map((node) => ({ node, jobs: jobsFor(node, due.get(node.nodeId)!, context) }))
  },
  // What the node says of it makes no difference; it asks, or it does not.
  report: async (reports) => reports.map(() => undefined),
}

type DueRun = Pick<RunTable, 'execution_id' | 'association_id' | 'node_id' | 'stage' | 'summons' | 'due_at'>

const runsToTell = listStatement((db: Kysely<AssociationTables>, nodeIds: readonly string[]) =>
  db
    .selectFrom('association_run')
    .select(['execution_id', 'association_id', 'node_id', 'stage', 'summons', 'due_at'])
    .where('open', '=', 1)
    .where('node_id', 'in', nodeIds)
    .where('stage', 'in', ['waiting', 'stopping']),
)

/** The runs of which nodes are to be told, which counts as done from here on. */
async function dueRuns(
  nodes: readonly NodeRef[],
  { db, now }: ChannelContext,
  fresh: ReadonlySet<string>,
): Promise<DueRun[]> {
  const nodeIds = nodes.map(({ nodeId }) => nodeId)
  const rows = await runsToTell(db, nodeIds)
  const isDue = rows.filter(
    ({ node_id, stage, summons, due_at }) =>
      summons === 'due' ||
      (fresh.has(node_id) && (summons === 'sent' || (stage === 'waiting' && due_at <= now.toISOString()))),
  )
  const sent = { summons: 'sent', due_at: new Date(now.getTime() + ANSWER_MS).toISOString() } as const
  for (const run of isDue) await writeRun(db, run, sent)
  return isDue
}

function jobsFor(node: NodeRef, due: readonly DueRun[], context: ChannelContext): Job[] {
  const stopping = due.filter(({ stage }) => stage === 'stopping')
  const refresh = stopping.length < due.length ? [refreshJob(node, context)] : []
  return [...stopping.map(({ association_id }) => stopJob(node, association_id, context)), ...refresh]
}

function stopJob({ nodeId }: NodeRef, associationId: string, { ids }: ChannelContext): Job {
  const content = formatCancelCommand(jobIdOf(associationId, nodeId))
  return { jobId: jobIdOf(ids.uuid(), nodeId), topic: `${topicPrefix.cancelCommand}.steward`, content }
}

function refreshJob({ nodeId }: NodeRef, { ids }: ChannelContext): Job {
  const commandId = ids.uuid()
  return {
    jobId: jobIdOf(commandId, nodeId),
    topic: `${topicPrefix.sendCommand}.steward`,
    content: formatSendCommand({
      commandId,
      documentName: 'AWS-RefreshAssociation',
      documentContent: {
        schemaVersion: '2.2',
        description: 'Looks for associations that are due.',
        parameters: { associationIds: { type: 'StringList', default: [] } },
        mainSteps: [
          {
            action: 'aws:refreshAssociation',
            name: 'refreshAssociation',
            inputs: { associationIds: '{{ associationIds }}' },
          },
        ],
      },
      parameters: { associationIds: [NO_ASSOCIATION] },
      outputS3BucketName: '',
      outputS3KeyPrefix: '',
      cloudWatchLogGroupName: '',
      cloudWatchOutputEnabled: false,
    }),
  }
}
