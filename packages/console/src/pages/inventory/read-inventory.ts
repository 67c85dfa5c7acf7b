import { GetInventoryCommand, type InventoryAggregator } from '@aws-sdk/client-ssm'
import type { steward as model } from '@steward/model'
import { ssm } from '#api/clients/ssm.ts'
import { allPages, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'

export type Summary = Wire<model.GetInventorySummaryResult>
export type TypeSummary = Summary['Types'][number]
export type Change = Wire<model.InventoryChange>
export type ChangesAsked = Wire<model.ListInventoryChangesRequest>
/** What was reported of one thing: attributes and their values. */
export type Entry = Readonly<Record<string, string>>

/** An entry in a list in which there may be equal ones. */
export interface Row {
  readonly place: number
  readonly values: Entry
}

const CHANGES = 500

/** Of this Region, or of those that a sync gathers. */
export function useSummary(sync = '') {
  const input = summaryInput(sync)
  return useRead('inventory', ['summary', input], (signal) => steward('GetInventorySummary', input, signal))
}

export function summaryInput(sync: string) {
  return sync ? { SyncName: sync } : {}
}

/** The latest changes; `NextToken` says that there are more. */
export function useChanges(asked: ChangesAsked) {
  const input = { ...asked, MaxResults: CHANGES }
  return useRead('inventory', ['changes', input], (signal) => steward('ListInventoryChanges', input, signal))
}

/** Aggregators within one another, for the combinations of the values of some attributes. */
export function aggregatorsOf(type: string, attributes: readonly string[]): InventoryAggregator[] {
  return attributes.reduceRight<InventoryAggregator[]>(
    (inner, attribute) => [{ Expression: `${type}.${attribute}`, ...(inner.length > 0 && { Aggregators: inner }) }],
    [],
  )
}

/** The combinations of values that nodes have, each with the `Count` of its nodes. Read when asked: it is of the whole fleet. */
export function useCounts(type: string, attributes: readonly string[], enabled: boolean) {
  const Aggregators = aggregatorsOf(type, attributes)
  return useRead(
    'server',
    ['inventory-counts', Aggregators],
    (abortSignal) =>
      allPages<Entry>(async (NextToken) => {
        const answer = await ssm().send(new GetInventoryCommand({ Aggregators, NextToken }), { abortSignal })
        return { items: answer.Entities?.[0]?.Data?.[type]?.Content ?? [], next: answer.NextToken }
      }),
    { enabled: enabled && attributes.length > 0, keepLast: false },
  )
}
