/* What UpdateInstanceAssociationStatus says, in the words of Amazon's agent. */
import type { JsonObject, ResultStatus, StepResult } from '@steward/protocol'
import type { CommandState } from '#commands/journal-record.ts'

export type AssociationStatus = 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut' | 'Skipped'

export type ErrorCode = '' | 'ExecutionError' | 'ListAssocError' | 'InvalidAssoc' | 'InvalidExpression'

export type ExecutionStatus = { status: AssociationStatus; errorCode: ErrorCode; summary: string }

export const pending: ExecutionStatus = { status: 'Pending', errorCode: '', summary: 'Association is pending' }

/** What waited for its turn until its time was up. */
export const tooLate: ExecutionStatus = {
  status: 'Skipped',
  errorCode: '',
  summary: 'The time of the association was up before this node began.',
}

/** A failure before any step. */
export function failure(errorCode: ErrorCode, summary: string): ExecutionStatus {
  return { status: 'Failed', errorCode, summary }
}

/** How far a run is. `steps`: how many its document has. */
export function progressOf(state: CommandState, steps: number): ExecutionStatus {
  if (state.stepEnded.size === 0) return { status: 'InProgress', errorCode: '', summary: 'Executing association' }
  return { status: 'InProgress', errorCode: '', summary: summaryOf(state, steps) }
}

/** How a run ended. */
export function endOf(associationId: string, state: CommandState, steps: number): ExecutionStatus {
  const { status, trace } = state.finished!
  if (state.stepEnded.size === 0 && status === 'Failed')
    return failure('InvalidAssoc', `Encountered error while parsing association ${associationId}, ${trace}`)
  const ended = final.has(status) ? (status as AssociationStatus) : 'Failed'
  const why = status === 'Cancelled' ? 'The run was cancelled.' : trace
  const summary = [summaryOf(state, steps), why].filter(Boolean).join('\n')
  return { status: ended, errorCode: ended === 'Failed' ? 'ExecutionError' : '', summary }
}

const final: ReadonlySet<ResultStatus> = new Set(['Success', 'Failed', 'TimedOut', 'Skipped'])

function summaryOf({ stepEnded }: CommandState, steps: number): string {
  const ended = [...stepEnded.values()]
  const count = (...statuses: ResultStatus[]) => ended.filter(({ result }) => statuses.includes(result.status)).length
  const counts = [
    `${count('Success', 'SuccessAndReboot', 'PassedAndReboot')} success`,
    `${count('Failed')} failed`,
    `${count('TimedOut')} timedout`,
    `${count('Skipped')} skipped. `,
  ]
  const reasons = ended
    .filter(({ result }) => result.status === 'Failed')
    .map(({ name, result }) => `\nThe operation ${name} failed because ${reasonOf(result)}.`)
  return `${ended.length} out of ${steps} plugin${steps > 1 ? 's' : ''} processed, ${counts.join(', ')}${reasons.join('')}`
}

/** A step that failed without running tells why in its output alone. */
function reasonOf({ standardError, output }: StepResult): string {
  return standardError === '' ? output : standardError
}

const mostBytes = 510
const cut = '--output truncated--'

/** The input of UpdateInstanceAssociationStatus. `outputUrl` is empty where no output went to a bucket. */
export function statusInput(
  association: { id: string; version: string },
  nodeId: string,
  { status, errorCode, summary }: ExecutionStatus,
  now: number,
  outputUrl = '',
): JsonObject {
  const isLong = Buffer.byteLength(summary) > mostBytes
  return {
    AssociationId: association.id,
    InstanceId: nodeId,
    ...(association.version === '' ? {} : { AssociationVersion: association.version }),
    ExecutionResult: {
      Status: status,
      ErrorCode: errorCode,
      ExecutionDate: now / 1000,
      ExecutionSummary: isLong ? `${firstBytes(summary, mostBytes - cut.length)}${cut}` : summary,
      ...(outputUrl === '' ? {} : { OutputUrl: { S3OutputUrl: { OutputUrl: outputUrl } } }),
    },
  }
}

/** Whole characters only. */
function firstBytes(text: string, most: number): string {
  return new TextDecoder().decode(Buffer.from(text).subarray(0, most), { stream: true })
}
