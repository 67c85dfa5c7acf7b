/** What the address of the overview asks for, as a call. */
import type { OverviewInput } from './read-compliance.ts'

export const DAYS = [7, 30, 90, 365]
const USUAL_DAYS = 30
const DAY_SECONDS = 24 * 3600
const POINTS = 31

export interface Narrowing {
  /** Name of a resource group; empty: all nodes. */
  readonly group: string
  /** Name of a sync whose Regions are looked at together; empty: this Region. A resource group is of one. */
  readonly sync: string
  /** By what nodes are compared, as `tag:role`; empty: not at all. */
  readonly by: string
  readonly days: number
  /** Only nodes with this; an undefined value: that have none. */
  readonly only: { readonly key: string; readonly value: string | undefined } | undefined
}

export function narrowingFrom(search: URLSearchParams): Narrowing {
  const days = Number(search.get('days'))
  const key = search.get('key')
  return {
    group: search.get('sync') ? '' : (search.get('group') ?? ''),
    sync: search.get('sync') ?? '',
    by: search.get('by') ?? '',
    days: DAYS.includes(days) ? days : USUAL_DAYS,
    only: key ? { key, value: search.get('value') ?? undefined } : undefined,
  }
}

export function searchOf({ group, sync, by, days, only }: Narrowing): URLSearchParams {
  return new URLSearchParams({
    ...(group && !sync && { group }),
    ...(sync && { sync }),
    ...(by && { by }),
    ...(days !== USUAL_DAYS && { days: String(days) }),
    ...(only && { key: only.key, ...(only.value !== undefined && { value: only.value }) }),
  })
}

/** The call; history begins at a whole hour, so that the question stays the same for a while. */
export function overviewInput({ group, sync, by, days, only }: Narrowing, now: number): OverviewInput {
  const hour = Math.floor(now / 3_600_000) * 3600
  return {
    ...(sync && { SyncName: sync }),
    ...(group && { Targets: [{ Key: 'resource-groups:Name', Values: [group] }] }),
    ...(only && {
      Filters: [
        only.value === undefined
          ? { Key: only.key, Type: 'NotExists' }
          : { Key: only.key, Type: 'Equal', Values: [only.value] },
      ],
    }),
    ...(by && { GroupBy: by }),
    Since: hour - days * DAY_SECONDS,
    TrendPoints: POINTS,
  }
}
