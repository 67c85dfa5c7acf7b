import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'

/** Writes the records of a time, each with its number and hashes, as JSON lines that `audit verify --file` understands. */
export async function auditExport(io: Io, options: { since?: Date; until?: Date }): Promise<void> {
  const api = new Api(connection(io.env))
  const of = { StartTime: seconds(options.since), EndTime: seconds(options.until) }
  let NextToken: string | undefined
  do {
    const page = await api.steward('ExportAuditTrail', { ...of, NextToken })
    for (const record of page.Records ?? []) io.stdout.write(`${JSON.stringify(record)}\n`)
    NextToken = page.NextToken
  } while (NextToken)
}

function seconds(date: Date | undefined): number | undefined {
  return date && date.getTime() / 1000
}
