/**
 * What is shown of thousands of nodes at once, and what tells equal results from different ones: a few words for each step, kept
 * beside the replies, which are too much text to be read for a whole fleet. Pure.
 */
import { createHash } from 'node:crypto'
import type { CollectedReplies, StepResult } from '@steward/protocol'
import { isTruncated, stepDetails } from './invocation.ts'
import { isFinal } from './status.ts'
import type { InvocationRow } from './tables.ts'

export interface StepDigest {
  readonly details: ReturnType<typeof stepDetails>
  readonly code: number
  /** As the agent says it; may be empty. */
  readonly start: string
  readonly end: string
  /** The same for results of this step with the same state, code and output; empty before the end. */
  readonly resultId: string
  /** The last line with something in it, for those who glance. */
  readonly lastLine: string
  /** The agent's reply has only the beginning of the output, so only that was compared. */
  readonly truncated: boolean
}

export type StepDigests = Readonly<Record<string, StepDigest>>

const LAST_LINE_LIMIT = 160

export function stepDigests({ steps }: Pick<CollectedReplies, 'steps'>): StepDigests {
  return Object.fromEntries(Object.entries(steps).map(([name, result]) => [name, digestOf(name, result)]))
}

/** The digests of an invocation. Those of commands from before there were any are made of its replies. */
export function readDigests(row: Pick<InvocationRow, 'digests' | 'replies'>): StepDigests {
  if (row.digests) return JSON.parse(row.digests) as StepDigests
  return row.replies ? stepDigests(JSON.parse(row.replies) as CollectedReplies) : {}
}

function digestOf(name: string, result: StepResult): StepDigest {
  const details = stepDetails(result)
  return {
    details,
    code: result.code,
    start: result.startDateTime,
    end: result.endDateTime,
    resultId: isFinal(details) ? resultId(name, details, result) : '',
    lastLine: lastLine(result.standardOutput) || lastLine(result.standardError),
    truncated: isTruncated(result),
  }
}

function resultId(name: string, details: string, { code, standardOutput, standardError }: StepResult): string {
  const parts = JSON.stringify([name, details, code, standardOutput, standardError])
  return createHash('sha256').update(parts).digest('hex').slice(0, 32)
}

/** The last line that has more than spaces; at most so much of it as fits into a cell. */
export function lastLine(text: string): string {
  const end = text.trimEnd()
  return end.slice(Math.max(end.lastIndexOf('\n'), end.lastIndexOf('\r')) + 1).slice(0, LAST_LINE_LIMIT)
}
