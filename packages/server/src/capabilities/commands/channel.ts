/**
 * Commands on their way to nodes and back. A node that asks is handed what waits for it, as far as the rate control of each
 * command and the node's own limit allow; what it is handed is leased for some seconds. If the lease ends without an
 * acknowledgement (watch-deadlines.ts) it waits again and is handed out again, which is safe, because agents know the ids of what
 * they took. From the acknowledgement on it is never handed out again: if the node stays silent the command's time runs out.
 *
 * Replies come in any order, repeatedly and late. They are merged (protocol, collected-replies), and a final state is never
 * left: what comes later only completes what is shown.
 */
import {
  type CollectedReplies,
  formatCancelCommand,
  isFinal as isFinalReply,
  jobIdOf,
  mergeReply,
  noReplies,
  parseJobId,
  parseReply,
  type ResultStatus,
  topicPrefix,
} from '@steward/protocol'
import type { Kysely } from 'kysely'
import { tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import type { Channel, ChannelContext, Job, JobEvent, NodeRef, OutputAccepted } from '#kernel/declare.ts'
import { dispatchCommands } from './dispatch-commands.ts'
import { NO_CODE } from './invocation.ts'
import { storeOutput } from './output.ts'
import { PROGRESS_COLUMNS, Progress, type ProgressRow, updateInvocation } from './progress.ts'
import { COMMANDS_PER_NODE } from './rate-control.ts'
import { type FinalDetails, type InvocationDetails, isFinal } from './status.ts'
import type { CommandTables, InvocationRow } from './tables.ts'

/** Time a node has to acknowledge a job before it is handed out again. */
const LEASE_MS = 10_000
/** Time a node is left alone that says that it cannot take more. */
const BUSY_MS = 5_000
/** A cancelled command whose node took the cancellation and stays silent counts as cancelled after this (agent-protocol, 10.8). */
const SILENT_CANCEL_MS = 30_000
const TRACE_LIMIT = 2_500

export const commandChannel: Channel = {
  name: 'command',
  next: nextJobs,
  report(node, event, context) {
    if (event.kind === 'output') return reportOutput(node, event, context)
    return report(node, event, context).then(() => undefined)
  },
}

// ---------------------------------------------------------------------------------------------------------------------
// To the nodes

type Candidate = Pick<
  InvocationRow,
  | 'command_id'
  | 'node_id'
  | 'stage'
  | 'lease_until'
  | 'requested_at'
  | 'position'
  | 'status_details'
  | 'cancel_job'
  | 'cancel_stage'
  | 'cancel_due'
>

async function nextJobs(nodes: readonly NodeRef[], context: ChannelContext): Promise<{ node: NodeRef; jobs: Job[] }[]> {
  const candidates = await openInvocations(nodes, context)
  if (candidates.length === 0) return []
  const commands = await progressRows(candidates, context)
  const claims = new Claims(commands, context)
  const byNode = Map.groupBy(candidates, ({ node_id }) => node_id)
  for (const [nodeId, invocations] of byNode) claims.claimFor(nodeId, invocations)
  const jobs = await claims.write()
  return nodes.map((node) => ({ node, jobs: jobs.get(node.nodeId) ?? [] }))
}

function openInvocations(nodes: readonly NodeRef[], { db }: ChannelContext): Promise<Candidate[]> {
  return tables<CommandTables>(db)
    .selectFrom('command_invocation')
    .select([
      'command_id',
      'node_id',
      'stage',
      'lease_until',
      'requested_at',
      'position',
      'status_details',
      'cancel_job',
      'cancel_stage',
      'cancel_due',
    ])
    .where('open', '=', 1)
    .where(
      'node_id',
      'in',
      nodes.map(({ nodeId }) => nodeId),
    )
    .orderBy('requested_at')
    .orderBy('position')
    .execute()
}

async function progressRows(
  candidates: readonly Candidate[],
  { db }: ChannelContext,
): Promise<Map<string, ProgressRow>> {
  const ids = [...new Set(candidates.map(({ command_id }) => command_id))]
  const rows = await tables<CommandTables>(db)
    .selectFrom('command')
    .select(PROGRESS_COLUMNS)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** What one transaction hands out, gathered first and written with a few statements, however many nodes ask. */
class Claims {
  readonly #context: ChannelContext
  readonly #now: string
  readonly #progress: ReadonlyMap<string, Progress>
  readonly #claimed: Candidate[] = []
  readonly #cancels: { invocation: Candidate; job: Job }[] = []

  constructor(commands: ReadonlyMap<string, ProgressRow>, context: ChannelContext) {
    this.#context = context
    this.#now = context.now.toISOString()
    this.#progress = new Map([...commands].map(([id, row]) => [id, new Progress(context.db, row, context.now)]))
  }

  claimFor(nodeId: string, invocations: readonly Candidate[]): void {
    let busy = invocations.filter(({ stage }) => stage === 'sent' || stage === 'running').length
    for (const invocation of invocations) {
      if (invocation.cancel_stage === 'wanted') this.#cancel(invocation, nodeId)
      if (invocation.stage === 'waiting' && busy < COMMANDS_PER_NODE && this.#mayStart(invocation)) {
        this.#progress.get(invocation.command_id)!.started(1)
        this.#claimed.push(invocation)
        busy++
      }
    }
  }

  #isDue({ lease_until }: Candidate): boolean {
    return lease_until === null || lease_until <= this.#now
  }

  #mayStart(invocation: Candidate): boolean {
    const progress = this.#progress.get(invocation.command_id)
    return progress !== undefined && this.#isDue(invocation) && progress.room > 0
  }

  #cancel(invocation: Candidate, nodeId: string): void {
    const content = formatCancelCommand(jobIdOf(invocation.command_id, nodeId))
    this.#cancels.push({
      invocation,
      job: { jobId: invocation.cancel_job!, topic: `${topicPrefix.cancelCommand}.steward`, content },
    })
  }

  async write(): Promise<Map<string, Job[]>> {
    await this.#lease()
    for (const { invocation } of this.#cancels) await this.#cancelSent(invocation)
    for (const progress of this.#progress.values()) await progress.save()
    return this.#jobs()
  }

  async #lease(): Promise<void> {
    const until = new Date(this.#context.now.getTime() + LEASE_MS).toISOString()
    for (const [commandId, invocations] of Map.groupBy(this.#claimed, ({ command_id }) => command_id)) {
      await tables<CommandTables>(this.#context.db)
        .updateTable('command_invocation')
        .set({ stage: 'sent', lease_until: until })
        .where('command_id', '=', commandId)
        .where(
          'node_id',
          'in',
          invocations.map(({ node_id }) => node_id),
        )
        .execute()
    }
  }

  async #cancelSent({ command_id, node_id }: Candidate): Promise<void> {
    const due = new Date(this.#context.now.getTime() + LEASE_MS).toISOString()
    await tables<CommandTables>(this.#context.db)
      .updateTable('command_invocation')
      .set({ cancel_stage: 'sent', cancel_due: due })
      .where('command_id', '=', command_id)
      .where('node_id', '=', node_id)
      .execute()
  }

  async #jobs(): Promise<Map<string, Job[]>> {
    const payloads = await this.#payloads([...new Set(this.#claimed.map(({ command_id }) => command_id))])
    const jobs = new Map<string, Job[]>()
    const add = (nodeId: string, job: Job) => jobs.set(nodeId, [...(jobs.get(nodeId) ?? []), job])
    for (const { command_id, node_id } of this.#claimed) {
      add(node_id, {
        jobId: jobIdOf(command_id, node_id),
        topic: `${topicPrefix.sendCommand}.steward`,
        content: payloads.get(command_id)!,
      })
    }
    for (const { invocation, job } of this.#cancels) add(invocation.node_id, job)
    return jobs
  }

  async #payloads(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map()
    const rows = await tables<CommandTables>(this.#context.db)
      .selectFrom('command')
      .select(['id', 'payload'])
      .where('id', 'in', ids)
      .execute()
    return new Map(rows.map(({ id, payload }) => [id, payload]))
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// From the nodes

type Reported = Pick<
  InvocationRow,
  | 'command_id'
  | 'node_id'
  | 'stage'
  | 'status_details'
  | 'replies'
  | 'trace_output'
  | 'started_at'
  | 'cancel_job'
  | 'cancel_stage'
>

async function report(
  node: NodeRef,
  event: Exclude<JobEvent, { kind: 'output' }>,
  context: ChannelContext,
): Promise<void> {
  const { commandId } = parseJobId(event.jobId)
  const invocation = await findInvocation(commandId, node.nodeId, context)
  if (!invocation) return reportCancellation(node, event, context)
  switch (event.kind) {
    case 'accepted':
      return accepted(node, invocation, context)
    case 'busy':
      return busy(invocation, context)
    case 'refused':
      return refused(node, invocation, event.reason, context)
    case 'reply':
      return replied(node, invocation, event.content, context)
  }
}

const reportedInvocation = statement((db: Kysely<CommandTables>, commandId: string, nodeId: string) =>
  db
    .selectFrom('command_invocation')
    .select([
      'command_id',
      'node_id',
      'stage',
      'status_details',
      'replies',
      'trace_output',
      'started_at',
      'cancel_job',
      'cancel_stage',
    ])
    .where('command_id', '=', commandId)
    .where('node_id', '=', nodeId),
)

async function findInvocation(
  commandId: string,
  nodeId: string,
  { db }: ChannelContext,
): Promise<Reported | undefined> {
  return (await reportedInvocation(db, commandId, nodeId))[0]
}

async function accepted(node: NodeRef, invocation: Reported, context: ChannelContext): Promise<void> {
  if (invocation.stage === 'running' || invocation.stage === 'done') return
  const progress = await Progress.of(context.db, invocation.command_id, context.now)
  if (!progress) return
  await progress.taken(invocation, { started_at: context.now.toISOString() })
  if ((await progress.save()).dispatchDue) context.wake(dispatchCommands)
  if (invocation.cancel_stage === 'wanted') context.wakeNodes(node.scope, [node.nodeId])
}

async function busy(invocation: Reported, context: ChannelContext): Promise<void> {
  if (invocation.stage !== 'sent') return
  const progress = await Progress.of(context.db, invocation.command_id, context.now)
  if (!progress) return
  const notBefore = new Date(context.now.getTime() + BUSY_MS).toISOString()
  await progress.returned(invocation, 'Delayed', { lease_until: notBefore })
  if ((await progress.save()).dispatchDue) context.wake(dispatchCommands)
}

async function refused(node: NodeRef, invocation: Reported, reason: string, context: ChannelContext): Promise<void> {
  if (isFinal(invocation.status_details as InvocationDetails)) return
  const progress = await Progress.of(context.db, invocation.command_id, context.now)
  if (!progress) return
  const details = invocation.status_details === 'Cancelling' ? 'Cancelled' : 'Undeliverable'
  await progress.ended(invocation, details, NO_CODE, { trace_output: reason.slice(0, TRACE_LIMIT) })
  if ((await progress.save()).dispatchDue) context.wake(dispatchCommands)
  context.wakeNodes(node.scope, [node.nodeId])
}

/** The final states that a document's status stands for. */
const ENDED_AS: Partial<Record<ResultStatus, FinalDetails>> = {
  Success: 'Success',
  Skipped: 'Success',
  Failed: 'Failed',
  TimedOut: 'ExecutionTimedOut',
  Cancelled: 'Cancelled',
}

async function replied(node: NodeRef, invocation: Reported, content: string, context: ChannelContext): Promise<void> {
  const before: CollectedReplies = invocation.replies ? JSON.parse(invocation.replies) : noReplies
  const replies = readReply(before, content, node, context)
  const ended = isFinalReply(replies.status) ? ENDED_AS[replies.status] : undefined
  if (replies === before && invocation.stage !== 'sent' && invocation.stage !== 'waiting') return
  const change = {
    replies: JSON.stringify(replies),
    trace_output: (replies.traceOutput || invocation.trace_output).slice(0, TRACE_LIMIT),
  }
  if (isFinal(invocation.status_details as InvocationDetails)) return late(node, invocation, before, replies, context)

  const isNews = invocation.stage === 'sent' || invocation.stage === 'waiting'
  if (!ended && !isNews) return write(invocation, change, context)
  const progress = await Progress.of(context.db, invocation.command_id, context.now)
  if (!progress) return
  let current: Reported = invocation
  if (isNews) {
    await progress.taken(current, { started_at: context.now.toISOString(), ...change })
    current = {
      ...current,
      stage: 'running',
      status_details: current.status_details === 'Cancelling' ? 'Cancelling' : 'InProgress',
    }
  }
  if (ended) await progress.ended(current, ended, responseCode(replies), change)
  if ((await progress.save()).dispatchDue) context.wake(dispatchCommands)
  // The node has room for its next command.
  if (ended) context.wakeNodes(node.scope, [node.nodeId])
}

/** A reply that cannot be read changes nothing; the door of the gateway acknowledges it, or it would come for ever. */
function readReply(
  before: CollectedReplies,
  content: string,
  node: NodeRef,
  { log }: ChannelContext,
): CollectedReplies {
  try {
    return mergeReply(before, parseReply(content))
  } catch (error) {
    log.warn({ nodeId: node.nodeId, reason: (error as Error).message }, 'reply of a node cannot be read')
    return before
  }
}

/**
 * What comes after the end changes no state (RC-15); what it tells of steps that were not over is kept for those who look. A node
 * that still works on a command that counts as cancelled did not get the cancellation, so it is told again.
 */
async function late(
  node: NodeRef,
  invocation: Reported,
  before: CollectedReplies,
  told: CollectedReplies,
  context: ChannelContext,
): Promise<void> {
  const ended = Object.entries(before.steps).filter(([, { status }]) => isFinalReply(status))
  const replies = { ...told, steps: { ...told.steps, ...Object.fromEntries(ended) } }
  const change: Partial<InvocationRow> = {
    replies: JSON.stringify(replies),
    trace_output: (replies.traceOutput || invocation.trace_output).slice(0, TRACE_LIMIT),
  }
  // The step that decided may be told of after the document's end.
  if (isFinalReply(before.status)) change.response_code = responseCode(replies)
  const cancelAgain = invocation.status_details === 'Cancelled' && !isFinalReply(replies.status)
  if (!cancelAgain) return write(invocation, change, context)
  const cancel_job = jobIdOf(context.ids.uuid(), node.nodeId)
  await write(invocation, { ...change, cancel_job, cancel_stage: 'wanted', open: 1 }, context)
  context.wakeNodes(node.scope, [node.nodeId])
}

async function write(invocation: Reported, change: Partial<InvocationRow>, { db }: ChannelContext): Promise<void> {
  await updateInvocation(db, [invocation.command_id, invocation.node_id], change)
}

/** The code of the step that decided the outcome: the first that did not succeed, else the last. Replies have no order. */
function responseCode({ steps, status }: CollectedReplies): number {
  const results = Object.entries(steps)
    .map(([name, result]) => ({ ...result, order: `${result.startDateTime} ${result.endDateTime} ${name}` }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
  const decisive = results.find((step) => step.status !== 'Success' && step.status !== 'Skipped') ?? results.at(-1)
  return decisive?.code ?? (status === 'Success' ? 0 : 1)
}

/** The event may speak of a cancellation, which is a job of its own. Once it is taken, its command has a while to say so. */
async function reportCancellation(
  node: NodeRef,
  event: Exclude<JobEvent, { kind: 'output' }>,
  context: ChannelContext,
): Promise<void> {
  if (event.kind !== 'accepted' && event.kind !== 'reply') return
  const due = new Date(context.now.getTime() + SILENT_CANCEL_MS).toISOString()
  await tables<CommandTables>(context.db)
    .updateTable('command_invocation')
    .set((eb) => ({
      cancel_stage: null,
      cancel_due: eb.case().when('stage', '=', 'done').then(null).else(due).end(),
      open: eb.case().when('stage', '=', 'done').then(0).else(1).end(),
    }))
    .where('cancel_job', '=', event.jobId)
    .where('node_id', '=', node.nodeId)
    .where('cancel_stage', 'is not', null)
    .execute()
}

async function reportOutput(
  node: NodeRef,
  event: JobEvent & { kind: 'output' },
  context: ChannelContext,
): Promise<OutputAccepted | undefined> {
  const { commandId } = parseJobId(event.jobId)
  return storeOutput({ ...event, commandId, nodeId: node.nodeId }, context)
}
