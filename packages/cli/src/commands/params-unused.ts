import { connection } from '#connection.ts'
import type { Io } from '#io.ts'
import { apiOf, describedUnder, pathOf } from '#params/parameters.ts'
import { parameterArns, readsOf } from '#params/reads.ts'
import { ago, table } from '#table.ts'

/** Lists the parameters under a path that nobody read since then. */
export async function paramsUnused(
  io: Io,
  path: string | undefined,
  { since, json }: { since: Date; json?: boolean },
): Promise<void> {
  const api = apiOf(io)
  const arnOf = await parameterArns(api, connection(io.env).region)
  const unused = []
  for (const parameter of await describedUnder(api, pathOf(path))) {
    const { done: isUnused } = await readsOf(api, arnOf(parameter.Name ?? ''), since).next()
    if (isUnused) unused.push(parameter)
  }
  if (json) {
    io.stdout.write(`${JSON.stringify(unused, null, 2)}\n`)
    return
  }
  const day = since.toISOString().slice(0, 10)
  if (unused.length === 0) io.stderr.write(`Every parameter under ${pathOf(path)} was read since ${day}.\n`)
  const rows = unused.map(({ Name = '', Type = '', LastModifiedDate = 0 }) => [
    Name,
    Type,
    ago(Date.now() - LastModifiedDate * 1000),
  ])
  if (rows.length > 0) io.stdout.write(table([`UNREAD SINCE ${day}`, 'TYPE', 'CHANGED'], rows))
}
