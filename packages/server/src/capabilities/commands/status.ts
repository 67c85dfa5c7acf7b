/**
 * The states of a command and of its invocations, one for each node. Pure. An invocation moves along the table below and
 * stays where it is final; the command's state follows from counts of its invocations alone, so it can be computed anew
 * after every change and is never wrong by one.
 */
import type { CommandInvocationStatus, CommandStatus } from '@steward/model/generated/ssm.ts'

/** `StatusDetails` of an invocation; it names the state, and `Status` is the coarser word for it. */
export type InvocationDetails = keyof typeof INVOCATION_STATUS

/** `Status` for each `StatusDetails` (RC-10). */
const INVOCATION_STATUS = {
  Pending: 'Pending',
  Delayed: 'Delayed',
  InProgress: 'InProgress',
  Cancelling: 'Cancelling',
  Success: 'Success',
  Failed: 'Failed',
  ExecutionTimedOut: 'TimedOut',
  DeliveryTimedOut: 'TimedOut',
  Undeliverable: 'Failed',
  InvalidPlatform: 'Failed',
  AccessDenied: 'Failed',
  Terminated: 'Failed',
  Cancelled: 'Cancelled',
} as const satisfies Record<string, CommandInvocationStatus>

export function invocationStatus(details: InvocationDetails): CommandInvocationStatus {
  return INVOCATION_STATUS[details]
}

const OPEN = ['Pending', 'Delayed', 'InProgress', 'Cancelling'] as const

export type FinalDetails = Exclude<InvocationDetails, (typeof OPEN)[number]>

export function isFinal(details: InvocationDetails): details is FinalDetails {
  return !(OPEN as readonly string[]).includes(details)
}

const ALL_FINAL: readonly FinalDetails[] = [
  'Success',
  'Failed',
  'ExecutionTimedOut',
  'DeliveryTimedOut',
  'Undeliverable',
  'InvalidPlatform',
  'AccessDenied',
  'Terminated',
  'Cancelled',
]

/** Where an invocation may go from where it is. Final states go nowhere. */
const TRANSITIONS: Readonly<Record<(typeof OPEN)[number], readonly InvocationDetails[]>> = {
  Pending: ['Delayed', 'InProgress', 'Cancelling', ...ALL_FINAL],
  Delayed: ['Pending', 'InProgress', 'Cancelling', ...ALL_FINAL],
  InProgress: ['Cancelling', 'Success', 'Failed', 'ExecutionTimedOut', 'DeliveryTimedOut', 'Cancelled', 'Terminated'],
  Cancelling: ['Success', 'Failed', 'ExecutionTimedOut', 'DeliveryTimedOut', 'Cancelled'],
}

export function mayBecome(from: InvocationDetails, to: InvocationDetails): boolean {
  return !isFinal(from) && TRANSITIONS[from].includes(to)
}

/** How many invocations of a command ended in each way, and how many of the open ones are being cancelled. */
export interface Tally {
  readonly targets: number
  /** Taken by an agent, or ended without. */
  readonly answered: number
  readonly cancelling: number
  readonly ended: Readonly<Partial<Record<FinalDetails, number>>>
}

export function completedCount({ ended }: Tally): number {
  return Object.values(ended).reduce((sum, count) => sum + count, 0)
}

/** What counts towards `MaxErrors` (T-11): failures and time-outs of the execution, nothing that never ran. */
export function errorCount({ ended }: Tally): number {
  return (ended.Failed ?? 0) + (ended.ExecutionTimedOut ?? 0)
}

export interface CommandState {
  readonly status: CommandStatus
  readonly details: string
}

/** The state of a command whose targets are known (RC-11). */
export function rollUp(tally: Tally, options: { errorLimit: number; cancelRequested: boolean }): CommandState {
  const completed = completedCount(tally)
  if (tally.cancelling > 0) return same('Cancelling')
  if (completed < tally.targets) return same(tally.answered > 0 || completed > 0 ? 'InProgress' : 'Pending')
  if (tally.targets === 0) return ended0(options.cancelRequested)
  const count = (...details: FinalDetails[]) => details.reduce((sum, name) => sum + (tally.ended[name] ?? 0), 0)
  const only = (...details: FinalDetails[]) => count(...details) === completed
  if (errorCount(tally) > options.errorLimit) return same('Failed')
  if (options.cancelRequested && only('Cancelled')) return same('Cancelled')
  if (only('DeliveryTimedOut')) return { status: 'TimedOut', details: 'DeliveryTimedOut' }
  if (only('AccessDenied')) return { status: 'Failed', details: 'AccessDenied' }
  if (only('Undeliverable', 'InvalidPlatform', 'AccessDenied')) return same('Failed')
  if (only('Success', 'Undeliverable', 'InvalidPlatform', 'AccessDenied')) return same('Success')
  return { status: count('Success') > 0 ? 'Success' : 'Failed', details: 'Incomplete' }
}

function ended0(cancelRequested: boolean): CommandState {
  return cancelRequested ? same('Cancelled') : { status: 'Success', details: 'NoInstancesInTag' }
}

function same(status: CommandStatus): CommandState {
  return { status, details: status }
}

/** Whether nothing of the command is open any more. */
export function hasEnded(tally: Tally): boolean {
  return completedCount(tally) === tally.targets
}
