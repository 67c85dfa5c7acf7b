/** Equal results of a step over a command's nodes. Pure. */
import { NO_CODE } from './invocation.ts'
import type { ResultRow } from './matrix.ts'
import { invocationStatus, isFinal } from './status.ts'
import { readDigests } from './step-digests.ts'

export interface ResultGroup {
  /** Empty for nodes on which the step has no result, which are grouped by state. */
  readonly resultId: string
  readonly status: string
  readonly details: string
  readonly code: number
  readonly count: number
  /** The first node that was to do it. */
  readonly sample: string
  readonly truncated: boolean
}

/** The groups of a step, the largest first; equally large ones in the order in which their first node was dispatched. */
export function groupResults(rows: readonly ResultRow[], step: string): ResultGroup[] {
  const groups = new Map<string, ResultGroup>()
  for (const row of rows) {
    const one = resultOf(row, step)
    const key = one.resultId || `${one.status} ${one.details}`
    const known = groups.get(key)
    groups.set(key, known ? { ...known, count: known.count + 1 } : one)
  }
  return [...groups.values()].sort((a, b) => b.count - a.count)
}

function resultOf(row: ResultRow, step: string): ResultGroup {
  const digest = readDigests(row)[step]
  const found = {
    resultId: digest?.resultId ?? '',
    count: 1,
    sample: row.node_id,
    truncated: digest?.truncated ?? false,
  }
  if (!digest) return { ...found, status: row.status, details: row.status_details, code: NO_CODE }
  const { details, code } = digest
  return { ...found, status: invocationStatus(details), details, code: isFinal(details) ? code : NO_CODE }
}
