/** What the API shows of one command on one node: states, times, outputs, step by step. Pure. */

import type {
  CommandInvocation,
  CommandInvocationStatus,
  CommandPlugin,
  CommandPluginStatus,
} from '@steward/model/generated/ssm.ts'
import type { CollectedReplies, StepResult } from '@steward/protocol'
import { rememberedByText } from '#kernel/remembered.ts'
import { type CommandRequest, NO_NOTIFICATIONS, type StepName } from './command.ts'
import { type InvocationDetails, invocationStatus, isFinal } from './status.ts'
import type { InvocationRow } from './tables.ts'

const STDOUT_LIMIT = 24_000
const STDERR_LIMIT = 8_000
const OUTPUT_LIMIT = 2_500
const TRUNCATED = '--output truncated--'
/** Shown for everything that has no exit code: not begun, not ended, never delivered. */
export const NO_CODE = -1

export interface StepState {
  readonly status: CommandInvocationStatus
  readonly details: InvocationDetails
  readonly code: number
  /** Undefined before the step was reported. */
  readonly result: StepResult | undefined
}

const REMEMBERED_CHARACTERS = 4_000_000
const collected = rememberedByText(REMEMBERED_CHARACTERS, (text) => (JSON.parse(text) as CollectedReplies).steps)

/** The results by step name; empty before the first report. */
export function stepResults(row: Pick<InvocationRow, 'replies'>): Readonly<CollectedReplies['steps']> {
  return row.replies ? collected(row.replies) : {}
}

/** A step's own state once it was reported, else the invocation's. */
export function stepState(
  row: Pick<InvocationRow, 'status_details' | 'response_code'>,
  result: StepResult | undefined,
): StepState {
  const own = result && stepDetails(result)
  if (!own) {
    const details = row.status_details as InvocationDetails
    return { status: invocationStatus(details), details, code: row.response_code, result }
  }
  return { status: invocationStatus(own), details: own, code: result.code, result }
}

/** A skipped step counts as a success (AGT-12); one that waits for a reboot is still in progress. */
export function stepDetails({ status }: StepResult): InvocationDetails {
  switch (status) {
    case 'Success':
    case 'Skipped':
      return 'Success'
    case 'Failed':
      return 'Failed'
    case 'TimedOut':
      return 'ExecutionTimedOut'
    case 'Cancelled':
      return 'Cancelled'
    default:
      return 'InProgress'
  }
}

export function toPlugin(
  row: InvocationRow,
  step: StepName,
  result: StepResult | undefined,
  request: CommandRequest,
): CommandPlugin {
  const state = stepState(row, result)
  return {
    Name: step.name,
    Status: pluginStatus(state.status),
    StatusDetails: state.details,
    ResponseCode: isFinal(state.details) ? state.code : NO_CODE,
    ResponseStartDateTime: dateOf(result?.startDateTime),
    ResponseFinishDateTime: dateOf(result?.endDateTime),
    Output: clip(result?.output ?? '', OUTPUT_LIMIT),
    StandardOutputUrl: outputUrl(request, result, 'stdout'),
    StandardErrorUrl: outputUrl(request, result, 'stderr'),
    OutputS3Region: request.outputS3Region,
    OutputS3BucketName: request.outputS3BucketName,
    OutputS3KeyPrefix: result?.outputS3KeyPrefix || request.outputS3KeyPrefix,
  }
}

/** Plugins know neither delay nor cancelling. */
function pluginStatus(status: CommandInvocationStatus): CommandPluginStatus {
  if (status === 'Delayed') return 'Pending'
  return status === 'Cancelling' ? 'InProgress' : status
}

export function toInvocation(row: InvocationRow, request: CommandRequest): CommandInvocation {
  return {
    CommandId: row.command_id,
    InstanceId: row.node_id,
    InstanceName: row.node_name,
    Comment: request.comment,
    DocumentName: row.document_name,
    DocumentVersion: request.documentVersion,
    RequestedDateTime: new Date(row.requested_at),
    Status: row.status as CommandInvocationStatus,
    StatusDetails: row.status_details,
    TraceOutput: clip(row.trace_output, OUTPUT_LIMIT),
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    ServiceRole: request.serviceRole,
    NotificationConfig: request.notificationConfig ?? NO_NOTIFICATIONS,
    CloudWatchOutputConfig: request.cloudWatchOutputConfig,
  }
}

interface ExecutionTimes {
  readonly ExecutionStartDateTime?: string
  readonly ExecutionElapsedTime?: string
  readonly ExecutionEndDateTime: string
}

const wordedTimes = new WeakMap<StepResult, ExecutionTimes>()

/** Times of a step as GetCommandInvocation words them: texts, and the end as start plus whole seconds (RC-28). */
export function executionTimes({ details, result }: StepState): ExecutionTimes {
  if (!isFinal(details) || !result) return { ExecutionEndDateTime: '' }
  const known = wordedTimes.get(result)
  if (known) return known
  const times = wordTimes(result)
  wordedTimes.set(result, times)
  return times
}

function wordTimes(result: StepResult): ExecutionTimes {
  const start = dateOf(result.startDateTime)
  const end = dateOf(result.endDateTime)
  if (!start || !end) return { ExecutionEndDateTime: '' }
  const elapsedMs = Math.max(0, end.getTime() - start.getTime())
  const shownEnd = new Date(start.getTime() + Math.floor(elapsedMs / 1000) * 1000)
  return {
    ExecutionStartDateTime: start.toISOString(),
    ExecutionElapsedTime: `PT${Number((elapsedMs / 1000).toFixed(3))}S`,
    ExecutionEndDateTime: shownEnd.toISOString(),
  }
}

export function standardOutput(result: StepResult | undefined): string {
  return clip(result?.standardOutput ?? '', STDOUT_LIMIT)
}

export function standardError(result: StepResult | undefined): string {
  return clip(result?.standardError ?? '', STDERR_LIMIT)
}

/** The beginning of both streams, for lists. */
export function shortStreams(result: StepResult | undefined) {
  return {
    StandardOutputContent: clip(result?.standardOutput ?? '', OUTPUT_LIMIT),
    StandardErrorContent: clip(result?.standardError ?? '', OUTPUT_LIMIT),
  }
}

/** When a step began and ended, as far as its agent knows. */
export function stepTimes({ start, end }: { start: string; end: string }) {
  return { StartedAt: dateOf(start), EndedAt: dateOf(end) }
}

/** Where an agent that was told to upload has put a stream (RC-20). */
export function outputUrl(
  request: CommandRequest,
  result: StepResult | undefined,
  stream: 'stdout' | 'stderr',
): string {
  if (!request.outputS3BucketName || !result?.outputS3KeyPrefix) return ''
  const key = `${result.outputS3KeyPrefix}/${result.stepName ? `${result.stepName}/` : ''}${stream}`
  return `https://s3.${request.outputS3Region}.amazonaws.com/${request.outputS3BucketName}/${key}`
}

/** Agents send the year 1 when they do not know. */
function dateOf(text: string | undefined): Date | undefined {
  const date = text ? new Date(text) : undefined
  return date && date.getUTCFullYear() > 1970 ? date : undefined
}

/** Whether the agent sent only the beginning of what the step said. */
export function isTruncated({ standardOutput, standardError }: StepResult): boolean {
  return standardOutput.endsWith(TRUNCATED) || standardError.endsWith(TRUNCATED)
}

function clip(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit - TRUNCATED.length) + TRUNCATED
}
