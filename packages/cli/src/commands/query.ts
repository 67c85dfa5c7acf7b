import type { steward, Wire } from '@steward/model'
import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { csvLine } from '#csv.ts'
import { UsageFault } from '#fault.ts'
import type { Io } from '#io.ts'
import { table } from '#table.ts'

interface Options {
  readonly limit: number
  readonly json?: boolean
  readonly csv?: boolean
  readonly sync?: string
}

type Answer = Wire<steward.QueryInventoryResult>

/** Asks the inventory of the fleet one question in SQL: that of the command line, or else of standard input. */
export async function query(io: Io, sql: string | undefined, { limit, json, csv, sync }: Options): Promise<void> {
  const Query = (sql ?? (await textOf(io.stdin))).trim()
  if (Query === '') throw new UsageFault('There is no query.')
  const answer = await new Api(connection(io.env)).steward('QueryInventory', {
    Query,
    MaxResults: limit,
    ...(sync !== undefined && { SyncName: sync }),
  })
  const { Columns, Rows } = answer
  if (json) return void io.stdout.write(`${JSON.stringify(Rows, null, 2)}\n`)
  if (csv) io.stdout.write([Columns, ...cells(answer)].map(csvLine).join(''))
  else io.stdout.write(table(Columns, cells(answer)))
  if (answer.Truncated) io.stderr.write(`There are more than these ${Rows.length} rows; --limit shows more.\n`)
}

/** Lists the tables that a query may name, with their columns. */
export async function listTables(io: Io, { json }: { readonly json?: boolean }): Promise<void> {
  const { Types } = await new Api(connection(io.env)).steward('GetInventorySummary', {})
  if (json) return void io.stdout.write(`${JSON.stringify({ Types }, null, 2)}\n`)
  const rows = Types.map(({ TableName, Nodes, Columns }) => [TableName, String(Nodes), Columns.join(', ')])
  io.stdout.write(table(['TABLE', 'NODES', 'COLUMNS'], rows))
}

function cells({ Columns, Rows }: Answer): string[][] {
  return Rows.map((row) => Columns.map((name) => row[name] ?? ''))
}

async function textOf(input: Io['stdin']): Promise<string> {
  let text = ''
  for await (const piece of input) text += piece
  return text
}
