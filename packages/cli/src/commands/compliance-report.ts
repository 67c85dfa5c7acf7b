import type { ssm } from '@steward/model'
import type { Wire } from '#api.ts'
import { csvLine } from '#csv.ts'
import type { Io } from '#io.ts'
import { pages } from '#pages.ts'
import { apiOf } from '#params/parameters.ts'

export interface ReportOptions {
  readonly type?: string
  readonly failing?: boolean
  readonly format: 'csv' | 'json'
}

type Item = Wire<ssm.ComplianceItem>

/** Prints the items of all nodes, as evidence to keep. */
export async function complianceReport(io: Io, { type, failing, format }: ReportOptions): Promise<void> {
  const api = apiOf(io)
  const Filters = [
    ...(type ? [{ Key: 'ComplianceType', Values: [type] }] : []),
    ...(failing ? [{ Key: 'Status', Values: ['NON_COMPLIANT'] }] : []),
  ]
  const items = await pages(
    (NextToken) => api.ssm('ListComplianceItems', { Filters, MaxResults: 50, NextToken }),
    ({ ComplianceItems }) => ComplianceItems,
  )
  io.stdout.write(format === 'csv' ? toCsv(items) : `${JSON.stringify(items, null, 2)}\n`)
}

const HEADINGS = ['Node', 'Type', 'Id', 'Title', 'Status', 'Severity', 'Found', 'Text']

export function toCsv(items: readonly Item[]): string {
  const lines = items.map((item) => [
    item.ResourceId,
    item.ComplianceType,
    item.Id,
    item.Title,
    item.Status,
    item.Severity,
    new Date((item.ExecutionSummary?.ExecutionTime ?? 0) * 1000).toISOString(),
    item.Details?.DetailedText,
  ])
  return [HEADINGS, ...lines].map((cells) => csvLine(cells.map((cell) => cell ?? ''))).join('')
}
