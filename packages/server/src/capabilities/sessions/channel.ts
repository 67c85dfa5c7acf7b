/**
 * Sessions on the control channels of nodes. A start is not acknowledged and may be lost, so it is sent again every two seconds until the
 * node opens the data channel: while the session runs there, a node drops repetitions. An end is repeated until the node says that the
 * session is complete; after the session has ended here too, only when the node connects anew.
 */
import { formatChannelClosed } from '@steward/protocol/session/index.ts'
import type { Kysely } from 'kysely'
import { listStatement } from '#db/statement.ts'
import type { Channel, ChannelContext, Job, NodeRef, SessionComplete } from '#kernel/declare.ts'
import { detailsOf, isOver } from './session.ts'
import { sessionById, updateSession } from './store.ts'
import type { SessionRow, SessionTables } from './tables.ts'

const REPEAT_MS = 2_000

export const sessionChannel: Channel = {
  name: 'session',
  next: nextJobs,
  async report(reports, context) {
    for (const { node, event } of reports) if (event.kind === 'session-complete') await complete(node, event, context)
    return []
  },
}

type Due = Pick<SessionRow, 'id' | 'node_id' | 'job' | 'start_payload' | 'details' | 'ended_at'>

async function nextJobs(
  nodes: readonly NodeRef[],
  context: ChannelContext,
  fresh: ReadonlySet<string>,
): Promise<{ node: NodeRef; jobs: Job[] }[]> {
  const due = await dueJobs(nodes, context, fresh)
  for (const { id, ended_at } of due) {
    const again = ended_at === null ? new Date(context.now.getTime() + REPEAT_MS).toISOString() : null
    await updateSession(context.db, id, { job_due: again })
  }
  const byNode = Map.groupBy(due, ({ node_id }) => node_id)
  return nodes.flatMap((node) => {
    const rows = byNode.get(node.nodeId)
    return rows ? [{ node, jobs: rows.map((row) => toJob(row, context)) }] : []
  })
}

const jobsOn = listStatement((db: Kysely<SessionTables>, nodeIds: readonly string[]) =>
  db
    .selectFrom('session')
    .select(['id', 'node_id', 'job', 'job_due', 'start_payload', 'details', 'ended_at'])
    .where('job', 'is not', null)
    .where('node_id', 'in', nodeIds)
    .orderBy('started_at'),
)

async function dueJobs(
  nodes: readonly NodeRef[],
  { db, now }: ChannelContext,
  fresh: ReadonlySet<string>,
): Promise<Due[]> {
  const nodeIds = nodes.map(({ nodeId }) => nodeId)
  const jobs = await jobsOn(db, nodeIds)
  const isDue = (due: string | null) => due !== null && due <= now.toISOString()
  return jobs.filter(({ node_id, job_due }) => fresh.has(node_id) || isDue(job_due))
}

function toJob({ id, node_id, job, start_payload, details }: Due, { ids, now }: ChannelContext): Job {
  if (job === 'start') {
    return { jobId: id, topic: 'interactive_shell', message: 'interactive_shell', content: start_payload ?? '' }
  }
  const closed = {
    messageId: ids.uuid(),
    destinationId: node_id,
    sessionId: id,
    createdDate: now.toISOString(),
    output: details ?? '',
  }
  return { jobId: id, topic: 'channel_closed', message: 'channel_closed', content: formatChannelClosed(closed) }
}

/** Nothing happens on the node any more. What comes after the end only tells where the log is. */
async function complete(node: NodeRef, event: SessionComplete, context: ChannelContext): Promise<void> {
  const session = await sessionById(context.db, event.jobId)
  if (session?.node_id !== node.nodeId) return
  const told = { ...logUrls(session, event), job: null, job_due: null, start_payload: null }
  if (isOver(session)) return updateSession(context.db, session.id, told)
  // What was told to end ended as it should, whatever the node says of it.
  const asTold = session.job === 'end'
  await updateSession(context.db, session.id, {
    ...told,
    status: event.failed && !asTold ? 'Failed' : 'Terminated',
    details: asTold ? session.details : detailsOf(event.output),
    ended_at: context.now.toISOString(),
    deadline: null,
  })
  context.endSession(session.id, event.output)
}

function logUrls({ region }: SessionRow, { log }: SessionComplete): Pick<SessionRow, 's3_url' | 'cloudwatch_url'> {
  const { s3Bucket, s3UrlSuffix, cwlGroup, cwlStream } = log
  const key = s3UrlSuffix.replace(/^\//, '')
  const stream = `group=${cwlGroup};stream=${cwlStream}`
  return {
    s3_url: s3Bucket ? `https://s3.${region}.amazonaws.com/${s3Bucket}/${key}` : null,
    cloudwatch_url: cwlGroup
      ? `https://console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:${stream}`
      : null,
  }
}
