import { connection } from '#connection.ts'
import type { Io } from '#io.ts'
import { apiOf } from '#params/parameters.ts'
import { parameterArns, type Read, readsOf } from '#params/reads.ts'
import { ago, table } from '#table.ts'

interface Reader {
  readonly by: string
  readonly reads: number
  readonly last: string
  readonly how: readonly string[]
}

/** Lists who read a parameter, whoever did so last first. It may be deleted since. */
export async function paramsReaders(
  io: Io,
  name: string,
  { since, json }: { since: Date; json?: boolean },
): Promise<void> {
  const api = apiOf(io)
  const arnOf = await parameterArns(api, connection(io.env).region)
  const reads: Read[] = []
  for await (const read of readsOf(api, arnOf(name), since)) reads.push(read)
  const readers = readersOf(reads)
  if (json) io.stdout.write(`${JSON.stringify(readers, null, 2)}\n`)
  else if (readers.length === 0) io.stderr.write(`Nobody read ${name} since ${since.toISOString().slice(0, 10)}.\n`)
  else io.stdout.write(readersTable(readers, Date.now()))
}

function readersOf(reads: readonly Read[]): Reader[] {
  const byReader = [...Map.groupBy(reads, ({ by }) => by)]
  const readers = byReader.map(([by, own]) => ({
    by,
    reads: own.length,
    last: new Date(Math.max(...own.map(({ at }) => at)) * 1000).toISOString(),
    how: [...new Set(own.map(({ operation }) => operation))].sort(),
  }))
  return readers.sort((a, b) => (a.last < b.last ? 1 : -1))
}

function readersTable(readers: readonly Reader[], now: number): string {
  const rows = readers.map(({ by, reads, last, how }) => [
    by,
    String(reads),
    ago(now - Date.parse(last)),
    how.join(' '),
  ])
  return table(['WHO', 'READS', 'LAST', 'BY'], rows)
}
