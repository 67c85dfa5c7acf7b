import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'
import { pages } from '#pages.ts'
import { table } from '#table.ts'

/** Lists who was shown something of a recording, the latest first. */
export async function sessionsViews(io: Io, SessionId: string, { json }: { json?: boolean }): Promise<void> {
  const api = new Api(connection(io.env))
  const views = await pages(
    (NextToken) => api.steward('ListSessionRecordingViews', { SessionId, NextToken }),
    ({ Views }) => Views,
  )
  const rows = views.map(({ Date: at = 0, Viewer = '', Kind = '', SourceIp = '' }) => [
    new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' '),
    Kind.toLowerCase(),
    Viewer,
    SourceIp,
  ])
  if (json) io.stdout.write(`${JSON.stringify(views, null, 2)}\n`)
  else if (rows.length === 0) io.stderr.write('Nobody was shown anything of it.\n')
  else io.stdout.write(table(['WHEN', 'HOW', 'WHO', 'FROM'], rows))
}
