/*
 * What the server knows of one command on one node, put together from its replies. Agents send them from parallel
 * threads and send them again after every doubt, so they arrive in any order and any number of times: neither the order
 * of frames nor the clock of the node may decide anything here. Every choice is therefore the maximum of a total order,
 * and the same replies give the same result however they were shuffled.
 */
import { isFinal, type Reply, type ResultStatus, type StepResult } from '#reply.ts'

/** The state so far. `status` is final once, and then it stays. */
export type CollectedReplies = {
  readonly status: ResultStatus
  readonly traceOutput: string
  readonly steps: { readonly [step: string]: StepResult }
}

/** Before the first reply. */
export const noReplies: CollectedReplies = { status: 'NotStarted', traceOutput: '', steps: {} }

/**
 * Takes one reply in. Steps are merged whatever the document's status says, even after the final one; a final status is
 * never overwritten. Returns the same object when the reply told nothing new.
 */
export function mergeReply(collected: CollectedReplies, reply: Reply): CollectedReplies {
  const steps = mergeSteps(collected.steps, reply.steps)
  const status = laterStatus(collected.status, reply.documentStatus)
  const traceOutput = laterTrace(collected, reply)
  if (steps === collected.steps && status === collected.status && traceOutput === collected.traceOutput)
    return collected
  return { status, traceOutput, steps }
}

function mergeSteps(known: CollectedReplies['steps'], told: Reply['steps']): CollectedReplies['steps'] {
  let merged = known
  for (const [name, result] of Object.entries(told)) {
    const before = Object.hasOwn(known, name) ? known[name] : undefined
    if (before && !isLater(result, before)) continue
    merged = { ...merged, [name]: result }
  }
  return merged
}

function laterStatus(known: ResultStatus, told: ResultStatus): ResultStatus {
  return !isFinal(known) && rank(told) > rank(known) ? told : known
}

/** The trace belongs to the status: a reply that does not bring the standing one says nothing about it. */
function laterTrace(known: CollectedReplies, told: Reply): string {
  if (laterStatus(known.status, told.documentStatus) !== known.status) return told.documentTraceOutput
  return told.documentStatus === known.status ? longer(known.traceOutput, told.documentTraceOutput) : known.traceOutput
}

/** A step that ran again after a reboot is told twice; the later telling has the higher status or the later end. */
function isLater(a: StepResult, b: StepResult): boolean {
  if (rank(a.status) !== rank(b.status)) return rank(a.status) > rank(b.status)
  if (a.endDateTime !== b.endDateTime) return a.endDateTime > b.endDateTime
  // Two results of one step that ended in the same millisecond: any order will do, as long as it is always the same.
  return JSON.stringify(a) > JSON.stringify(b)
}

function rank(status: ResultStatus): number {
  if (status === 'NotStarted') return 0
  if (status === 'InProgress') return 1
  return isFinal(status) ? 3 : 2
}

function longer(a: string, b: string): string {
  if (a.length !== b.length) return a.length > b.length ? a : b
  return a > b ? a : b
}
