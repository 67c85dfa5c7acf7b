/**
 * What nodes say of their commands. From the acknowledgement on a command is never handed out again: if the node stays silent
 * its time runs out. Replies come in any order, repeatedly and late. They are merged (protocol, collected-replies), and a final
 * state is never left: what comes later only completes what is shown.
 */
import {
  type CollectedReplies,
  isFinal as isFinalReply,
  jobIdOf,
  mergeReply,
  parseJobId,
  parseReply,
  type ResultStatus,
} from '@steward/protocol'
import { noteChange } from '#db/changes.ts'
import { tables } from '#db/database.ts'
import type { ChannelContext, JobEvent, NodeRef, OutputAccepted, Report } from '#kernel/declare.ts'
import { dispatchCommands } from './dispatch-commands.ts'
import { NO_CODE } from './invocation.ts'
import { storeOutput } from './output.ts'
import { type ChangeInvocation, ProgressOfMany } from './progress.ts'
import { type Reported, ReportedInvocations } from './reported-invocations.ts'
import { type FinalDetails, type InvocationDetails, isFinal } from './status.ts'
import type { CommandTables, InvocationRow } from './tables.ts'

/** Time a node is left alone that says that it cannot take more. */
const BUSY_MS = 5_000
/** A cancelled command whose node took the cancellation and stays silent counts as cancelled after this (agent-protocol, 10.8). */
const SILENT_CANCEL_MS = 30_000
const TRACE_LIMIT = 2_500

/** Takes events in, all in one transaction, which counts each command's progress once. Answers those of output. */
export async function takeReports(
  reports: readonly Report[],
  context: ChannelContext,
): Promise<(OutputAccepted | undefined)[]> {
  const invocations = await ReportedInvocations.of(reports, context.db)
  const change: ChangeInvocation = async (_tx, [commandId, nodeId], change) =>
    invocations.change(commandId, nodeId, change)
  const reporting = { ...context, invocations, progress: new ProgressOfMany(context, change) }
  const answers: (OutputAccepted | undefined)[] = []
  for (const { node, event } of reports) answers.push(await takeReport(node, event, reporting))
  await invocations.save(context.db)
  if (await reporting.progress.save()) context.wake(dispatchCommands)
  return answers
}

/** What the reports of one transaction share. */
interface Reporting extends ChannelContext {
  readonly invocations: ReportedInvocations
  readonly progress: ProgressOfMany
}

async function takeReport(node: NodeRef, event: JobEvent, context: Reporting): Promise<OutputAccepted | undefined> {
  if (event.kind === 'output') return reportOutput(node, event, context)
  if (event.kind !== 'session-complete') await report(node, event, context)
  return undefined
}

type CommandEvent = Exclude<JobEvent, { kind: 'output' | 'session-complete' }>

async function report(node: NodeRef, event: CommandEvent, context: Reporting): Promise<void> {
  const { commandId } = parseJobId(event.jobId)
  const invocation = context.invocations.find(commandId, node.nodeId)
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

async function accepted(node: NodeRef, invocation: Reported, context: Reporting): Promise<void> {
  if (invocation.stage === 'running' || invocation.stage === 'done') return
  const progress = await context.progress.of(invocation.command_id)
  if (!progress) return
  await progress.taken(invocation, { started_at: context.now.toISOString() })
  if (invocation.cancel_stage === 'wanted') context.wakeNodes(node.scope, [node.nodeId])
}

async function busy(invocation: Reported, context: Reporting): Promise<void> {
  if (invocation.stage !== 'sent') return
  const progress = await context.progress.of(invocation.command_id)
  if (!progress) return
  const notBefore = new Date(context.now.getTime() + BUSY_MS).toISOString()
  await progress.returned(invocation, 'Delayed', { lease_until: notBefore })
}

async function refused(node: NodeRef, invocation: Reported, reason: string, context: Reporting): Promise<void> {
  if (isFinal(invocation.status_details as InvocationDetails)) return
  const progress = await context.progress.of(invocation.command_id)
  if (!progress) return
  const details = invocation.status_details === 'Cancelling' ? 'Cancelled' : 'Undeliverable'
  await progress.ended(invocation, details, NO_CODE, { trace_output: reason.slice(0, TRACE_LIMIT) })
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

async function replied(node: NodeRef, invocation: Reported, content: string, context: Reporting): Promise<void> {
  const before = context.invocations.replies(invocation)
  const replies = readReply(before, content, node, context)
  const isNews = invocation.stage === 'sent' || invocation.stage === 'waiting'
  if (replies === before && !isNews) return
  const change = { trace_output: (replies.traceOutput || invocation.trace_output).slice(0, TRACE_LIMIT) }
  if (isFinal(invocation.status_details as InvocationDetails)) return late(node, invocation, before, replies, context)

  context.invocations.collect(invocation, replies)
  const ended = isFinalReply(replies.status) ? ENDED_AS[replies.status] : undefined
  if (!ended && !isNews) return write(invocation, change, context)
  const progress = await context.progress.of(invocation.command_id)
  if (!progress) return
  if (isNews) await progress.taken(invocation, { started_at: context.now.toISOString(), ...change })
  if (!ended) return
  await progress.ended(invocation, ended, responseCode(replies), change)
  // The node has room for its next command.
  context.wakeNodes(node.scope, [node.nodeId])
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
 * What comes after the end changes no state (RC-15); what it tells of steps that were not over, and how it says that all ended, is
 * kept for those who look. A node that still works on a command that counts as cancelled did not get the cancellation, so it is told again.
 */
async function late(
  node: NodeRef,
  invocation: Reported,
  before: CollectedReplies,
  told: CollectedReplies,
  context: Reporting,
): Promise<void> {
  const ended = Object.entries(before.steps).filter(([, { status }]) => isFinalReply(status))
  const replies = { ...told, steps: { ...told.steps, ...Object.fromEntries(ended) } }
  context.invocations.collect(invocation, replies)
  const change: Partial<InvocationRow> = {
    trace_output: (replies.traceOutput || invocation.trace_output).slice(0, TRACE_LIMIT),
  }
  const endedAs = ENDED_AS[replies.status]
  if (endedAs && endedAs !== invocation.status_details) change.late_status = endedAs
  // The step that decided may be told of after the document's end.
  if (isFinalReply(before.status)) change.response_code = responseCode(replies)
  const cancelAgain = invocation.status_details === 'Cancelled' && !isFinalReply(replies.status)
  if (!cancelAgain) return write(invocation, change, context)
  const cancel_job = jobIdOf(context.ids.uuid(), node.nodeId)
  write(invocation, { ...change, cancel_job, cancel_stage: 'wanted', open: 1 }, context)
  context.wakeNodes(node.scope, [node.nodeId])
}

function write(invocation: Reported, change: Partial<InvocationRow>, { db, invocations }: Reporting): void {
  invocations.change(invocation.command_id, invocation.node_id, change)
  noteChange(db, { kind: 'invocations', of: invocation.command_id, ids: [invocation.node_id] })
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
async function reportCancellation(node: NodeRef, event: CommandEvent, context: Reporting): Promise<void> {
  if (event.kind !== 'accepted' && event.kind !== 'reply') return
  // It depends on what is written of the invocation.
  await context.invocations.save(context.db)
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
