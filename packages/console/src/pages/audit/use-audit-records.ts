import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { onChange } from '#api/changes.ts'
import { type Failure, failureOf } from '#api/failure.ts'
import { steward } from '#api/steward.ts'
import type { FoundRecord } from './audit-columns.tsx'
import { type AuditQuery, toInput } from './audit-query.ts'

const PAGE = 100
/** Calls in a CSV file. */
const MOST = 20_000

interface Records {
  readonly records: readonly FoundRecord[]
  readonly searchedTo: number | undefined
  readonly next: string | undefined
}

/**
 * The calls that match, page after page. They are not read again when the trail grows: reading it is a call too, and would be told
 * of. What came since is counted instead.
 */
export function useAuditRecords(query: AuditQuery) {
  const key = JSON.stringify(query)
  const read = useInfiniteQuery<Records, Failure, readonly Records[], string[], string | undefined>({
    queryKey: ['audit-search', key],
    queryFn: async ({ pageParam, signal }) => searchSome(toInput(query, Date.now()), pageParam, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next,
    select: ({ pages }) => pages,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: (last) => last,
  })
  const [news, setNews] = useState(0)
  const readAt = read.dataUpdatedAt
  // biome-ignore lint/correctness/useExhaustiveDependencies: counted anew after each reading.
  useEffect(() => {
    setNews(0)
    return onChange(({ kind, ids }) => {
      if (kind === 'audit') setNews((count) => count + Math.max(1, ids.length))
    })
  }, [readAt])
  return { read, news, pages: read.data ?? [] }
}

type Input = ReturnType<typeof toInput>

/** One page; goes on while nothing is found, because each answer looks through a part of the trail only. */
async function searchSome(input: Input, token: string | undefined, signal?: AbortSignal): Promise<Records> {
  let next = token
  for (;;) {
    const page = await steward('SearchAuditRecords', { ...input, MaxResults: PAGE, NextToken: next }, signal).catch(
      (error) => {
        throw error instanceof DOMException && error.name === 'AbortError' ? error : failureOf(error)
      },
    )
    next = page.NextToken
    const records = page.Records ?? []
    if (records.length > 0 || !next) return { records, searchedTo: page.SearchedBackTo ?? page.SearchedUpTo, next }
  }
}

/** All that match, up to a bound; `report` is told how many there are so far. */
export async function allRecords(
  query: AuditQuery,
  report: (count: number) => void,
): Promise<{ records: FoundRecord[]; cut: boolean }> {
  const input = toInput(query, Date.now())
  const records: FoundRecord[] = []
  let next: string | undefined
  do {
    const page = await steward('SearchAuditRecords', { ...input, MaxResults: 200, NextToken: next })
    records.push(...(page.Records ?? []))
    next = page.NextToken
    report(records.length)
  } while (next && records.length < MOST)
  return { records, cut: next !== undefined }
}
