import type { ComplianceStringFilter } from '@aws-sdk/client-ssm'
import { shellWords } from '#components/shell-words.ts'

/** What of a type is looked at; empty texts ask for nothing. */
export interface Asked {
  readonly type: string
  readonly status: string
  readonly severity: string
  /** The id of an item. */
  readonly item: string
}

/** The same list from a terminal. */
export function listCommand(operation: string, filters: readonly ComplianceStringFilter[]): string {
  const words = filters.map(({ Key, Values = [], Type }) => `Key=${Key},Values=${Values.join(',')},Type=${Type}`)
  return shellWords('aws', 'ssm', operation, '--filters', ...words)
}
