import {
  type ComplianceItem,
  type ComplianceStringFilter,
  ListComplianceItemsCommand,
  ListResourceComplianceSummariesCommand,
  type ResourceComplianceSummaryItem,
} from '@aws-sdk/client-ssm'
import type { steward as model } from '@steward/model'
import { ssm } from '#api/clients/ssm.ts'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'

export type Overview = Wire<model.GetComplianceOverviewResult>
export type OverviewInput = Wire<model.GetComplianceOverviewRequest>

/** The first of a list, and whether it goes on. */
export interface First<T> {
  readonly items: readonly T[]
  readonly isCut: boolean
}

const AT_MOST = 1000
const PAGE = 50

export function useOverview(input: OverviewInput) {
  return useRead('compliance', ['overview', input], (signal) => steward('GetComplianceOverview', input, signal))
}

/** Summaries, one of each node and type. */
export function useSummaries(filters: readonly ComplianceStringFilter[]) {
  return useRead('compliance', ['summaries', filters], (abortSignal) =>
    first<ResourceComplianceSummaryItem>(async (NextToken) => {
      const input = { Filters: [...filters], MaxResults: PAGE, ...(NextToken && { NextToken }) }
      const page = await ssm().send(new ListResourceComplianceSummariesCommand(input), { abortSignal })
      return { items: page.ResourceComplianceSummaryItems ?? [], next: page.NextToken }
    }),
  )
}

/** Items of one node; of all if none is given. */
export function useItems(node: string | undefined, filters: readonly ComplianceStringFilter[]) {
  return useRead('compliance', ['items', node, filters], (abortSignal) =>
    first<ComplianceItem>(async (NextToken) => {
      const input = {
        ...(node && { ResourceIds: [node], ResourceTypes: ['ManagedInstance'] }),
        ...{ Filters: [...filters], MaxResults: PAGE, ...(NextToken && { NextToken }) },
      }
      const page = await ssm().send(new ListComplianceItemsCommand(input), { abortSignal })
      return { items: page.ComplianceItems ?? [], next: page.NextToken }
    }),
  )
}

async function first<T>(
  read: (token: string | undefined) => Promise<{ items: readonly T[]; next: string | undefined }>,
): Promise<First<T>> {
  const all: T[] = []
  let token: string | undefined
  do {
    const { items, next } = await read(token)
    all.push(...items)
    token = next
  } while (token && all.length < AT_MOST)
  return { items: all, isCut: token !== undefined && token !== '' }
}

export function equal(Key: string, value: string | undefined): ComplianceStringFilter[] {
  return value ? [{ Key, Values: [value], Type: 'EQUAL' }] : []
}
