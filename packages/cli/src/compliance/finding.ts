import type { ssm } from '@steward/model'

export type Severity = ssm.ComplianceSeverity

/** What a tool says of one thing that it checked. */
export interface Finding {
  readonly id: string
  readonly title: string
  readonly compliant: boolean
  /** Undefined: the tool does not say. */
  readonly severity: Severity | undefined
  /** Why, in the tool's words. */
  readonly text?: string | undefined
}

/** A tool's report, as one compliance type shows it. */
export interface ToolReport {
  /** `Custom:…`, unless somebody wants another one. */
  readonly type: string
  /** Undefined: the report does not say. */
  readonly at: Date | undefined
  readonly findings: readonly Finding[]
  /** What was skipped or does not apply, and so is neither. */
  readonly leftOut: number
}

/** A file that is none of these reports. */
export class NotSuchReport extends Error {
  override readonly name = 'NotSuchReport'
}

/** The date, if it is one. */
export function dateOf(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '')
  return Number.isNaN(date.getTime()) ? undefined : date
}
