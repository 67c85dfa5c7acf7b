import {
  type ComplianceItem,
  type ComplianceSeverity,
  type ComplianceStatus,
  type ComplianceStringFilter,
  PutComplianceItemsCommand,
  type PutComplianceItemsCommandInput,
  paginateListComplianceItems,
  paginateListResourceComplianceSummaries,
  type ResourceComplianceSummaryItem,
  SSMClient,
} from '@aws-sdk/client-ssm'
import type { TestServer } from '@steward/testkit'

export const FOUND_AT = new Date('2026-11-21T10:10:10.500Z')

/** Puts and lists compliance as the root of the account, with as little said as possible. */
export class ComplianceClient {
  readonly ssm: SSMClient

  constructor(server: TestServer, more: { region?: string } = {}) {
    this.ssm = server.client(SSMClient, more)
  }

  /** Items of `Custom:Disk` unless told otherwise: one that is not compliant. */
  async put(node: string, more: Partial<PutComplianceItemsCommandInput> = {}): Promise<void> {
    const input = {
      ResourceId: node,
      ResourceType: 'ManagedInstance',
      ComplianceType: 'Custom:Disk',
      ExecutionSummary: { ExecutionTime: FOUND_AT },
      Items: [item('a NON_COMPLIANT HIGH')],
    }
    await this.ssm.send(new PutComplianceItemsCommand({ ...input, ...more }))
  }

  /** Of all pages. */
  async items(node: string | undefined, ...filters: ComplianceStringFilter[]): Promise<ComplianceItem[]> {
    const input = { Filters: filters, MaxResults: 50, ...(node && { ResourceIds: [node] }) }
    const found: ComplianceItem[] = []
    const pages = paginateListComplianceItems({ client: this.ssm }, input)
    for await (const { ComplianceItems = [] } of pages) found.push(...ComplianceItems)
    return found
  }

  async summaries(...filters: ComplianceStringFilter[]): Promise<ResourceComplianceSummaryItem[]> {
    const found: ResourceComplianceSummaryItem[] = []
    const pages = paginateListResourceComplianceSummaries({ client: this.ssm }, { Filters: filters })
    for await (const { ResourceComplianceSummaryItems = [] } of pages) found.push(...ResourceComplianceSummaryItems)
    return found
  }
}

/** An item written `id status severity`. */
export function item(text: string, more: { Title?: string; Details?: Record<string, string> } = {}) {
  const [Id, Status, Severity] = text.split(' ') as [string, ComplianceStatus, ComplianceSeverity]
  return { Id, Status, Severity, ...more }
}

/** A filter written `Key Value Operator`; values are separated by commas. */
export function filter(text: string): ComplianceStringFilter {
  const [Key, values = '', Type] = text.split(' ')
  return { Key, Values: values.split(','), ...(Type && { Type }) } as ComplianceStringFilter
}
