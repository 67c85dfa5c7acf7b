/**
 * Tells a node to ask for its associations: a command AWS-RefreshAssociation that names none. Amazon's agent runs the ones that a command
 * of this kind names whatever the server says of them; of the others it runs those that are pending. So what it runs, and how often, is
 * decided where it asks (hand-out.ts), and it does no harm if this command comes late or twice.
 */
import { formatSendCommand, jobIdOf, topicPrefix } from '@steward/protocol'
import { tables } from '#db/database.ts'
import type { Channel, ChannelContext, Job, NodeRef } from '#kernel/declare.ts'
import type { AssociationTables } from './tables.ts'

/** A node that was told has so much time to ask. */
const ANSWER_MS = 30_000
const NO_ASSOCIATION = '00000000-0000-0000-0000-000000000000'

export const associationChannel: Channel = {
  name: 'association',
  async next(nodes, context, fresh) {
    const waiting = await waitingFor(nodes, context, fresh)
    return nodes
      .filter(({ nodeId }) => waiting.has(nodeId))
      .map((node) => ({ node, jobs: [refreshJob(node, context)] }))
  },
  // What the node says of it makes no difference; it asks, or it does not.
  report: async (reports) => reports.map(() => undefined),
}

/** The nodes that are to be told, which counts as done from here on. */
async function waitingFor(
  nodes: readonly NodeRef[],
  { db, now }: ChannelContext,
  fresh: ReadonlySet<string>,
): Promise<Set<string>> {
  const rows = await tables<AssociationTables>(db)
    .selectFrom('association_run')
    .select(['execution_id', 'node_id', 'summons', 'due_at'])
    .where('open', '=', 1)
    .where(
      'node_id',
      'in',
      nodes.map(({ nodeId }) => nodeId),
    )
    .where('stage', '=', 'waiting')
    .execute()
  const isDue = rows.filter(
    ({ node_id, summons, due_at }) =>
      summons === 'due' || (fresh.has(node_id) && (summons === 'sent' || due_at <= now.toISOString())),
  )
  if (isDue.length === 0) return new Set()
  await tables<AssociationTables>(db)
    .updateTable('association_run')
    .set({ summons: 'sent', due_at: new Date(now.getTime() + ANSWER_MS).toISOString() })
    .where((eb) =>
      eb.or(isDue.map(({ execution_id, node_id }) => eb.and({ execution_id, node_id, stage: 'waiting' as const }))),
    )
    .execute()
  return new Set(isDue.map(({ node_id }) => node_id))
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
