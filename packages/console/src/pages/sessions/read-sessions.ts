import { DescribeSessionsCommand, type Session, type SessionFilter } from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { allPages, useRead } from '#api/queries.ts'

/** Sessions that go on, or that are over, with all filters; newest first. */
export function useSessions(State: 'Active' | 'History', filters: Filters) {
  return useRead('sessions', [State, filters], () => readSessions(State, filters))
}

export interface Filters {
  readonly node?: string | undefined
  /** Not before this many hours ago. */
  readonly hours?: number | undefined
}

/** The session of that id, wherever it is listed; undefined if nowhere. */
export function useSession(id: string) {
  return useRead('sessions', ['one', id], async () => {
    const Filters = [{ key: 'SessionId', value: id }] as const
    for (const State of ['Active', 'History'] as const) {
      const { Sessions } = await ssm().send(new DescribeSessionsCommand({ State, Filters: [...Filters] }))
      if (Sessions?.[0]) return Sessions[0]
    }
    return null
  })
}

const HOUR_MS = 3_600_000
const MAX_RESULTS = 200

async function readSessions(State: 'Active' | 'History', { node, hours }: Filters): Promise<Session[]> {
  const Filters: SessionFilter[] = []
  if (node) Filters.push({ key: 'Target', value: node })
  if (hours)
    Filters.push({
      key: 'InvokedAfter',
      value: `${new Date(Date.now() - hours * HOUR_MS).toISOString().slice(0, 19)}Z`,
    })
  return allPages(async (NextToken) => {
    const input = { State, MaxResults: MAX_RESULTS, NextToken, ...(Filters.length > 0 && { Filters }) }
    const page = await ssm().send(new DescribeSessionsCommand(input))
    return { items: page.Sessions ?? [], next: page.NextToken }
  })
}
