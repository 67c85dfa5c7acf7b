import type { ssm } from '@steward/model'
import { Api, type Wire } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'
import { pages } from '#pages.ts'
import { ago, table } from '#table.ts'

type Session = Wire<ssm.Session>

export interface SessionsListOptions {
  readonly history?: boolean
  readonly node?: string
  readonly owner?: string
  readonly since?: Date
  readonly json?: boolean
}

/** Lists the sessions that are going on, or those that are over, the newest first. */
export async function sessionsList(io: Io, options: SessionsListOptions): Promise<void> {
  const api = new Api(connection(io.env))
  const State = options.history ? 'History' : 'Active'
  const Filters = filtersOf(options)
  const sessions = await pages(
    (NextToken) => api.ssm('DescribeSessions', { State, NextToken, ...(Filters.length > 0 ? { Filters } : {}) }),
    ({ Sessions }) => Sessions,
  )
  if (options.json) io.stdout.write(`${JSON.stringify(sessions, null, 2)}\n`)
  else if (sessions.length === 0)
    io.stderr.write(options.history ? 'No session is over yet.\n' : 'No session is open.\n')
  else io.stdout.write(sessionTable(sessions, Date.now()))
}

function filtersOf({ node, owner, since }: SessionsListOptions): Wire<ssm.SessionFilter>[] {
  return [
    ...(node === undefined ? [] : [{ key: 'Target' as const, value: node }]),
    ...(owner === undefined ? [] : [{ key: 'Owner' as const, value: owner }]),
    ...(since === undefined ? [] : [{ key: 'InvokedAfter' as const, value: since.toISOString() }]),
  ]
}

export function sessionTable(sessions: readonly Session[], now: number): string {
  const rows = sessions
    .toSorted((a, b) => (b.StartDate ?? 0) - (a.StartDate ?? 0))
    .map((session) => [
      session.SessionId ?? '',
      session.Target ?? '',
      session.Status ?? '',
      session.StartDate === undefined ? '' : ago(now - session.StartDate * 1000),
      session.Owner?.split(/[/:]/).at(-1) ?? '',
      session.DocumentName ?? '',
      session.Reason ?? '',
    ])
  return table(['ID', 'NODE', 'STATUS', 'STARTED', 'OWNER', 'DOCUMENT', 'REASON'], rows)
}
