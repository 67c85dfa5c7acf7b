import type { Io } from '#io.ts'
import { apiOf, history, type Version } from '#params/parameters.ts'
import { ago, table } from '#table.ts'

/** Lists the versions of a parameter, the latest first. */
export async function paramsHistory(
  io: Io,
  name: string,
  options: { values?: boolean; json?: boolean },
): Promise<void> {
  const versions = await history(apiOf(io), name, options.values ?? false)
  if (options.json) io.stdout.write(`${JSON.stringify(versions, null, 2)}\n`)
  else io.stdout.write(historyTable(versions, Date.now(), options.values ?? false))
}

export function historyTable(versions: readonly Version[], now: number, values: boolean): string {
  const rows = versions
    .toReversed()
    .map((version) => [
      String(version.Version),
      version.Type ?? '',
      version.LastModifiedDate === undefined ? '' : ago(now - version.LastModifiedDate * 1000),
      version.LastModifiedUser?.replace(/^arn:[^:]*:[^:]*::\d*:/, '') ?? '',
      version.Labels?.join(' ') ?? '',
      ...(values ? [JSON.stringify(version.Value ?? '')] : []),
    ])
  return table(['VERSION', 'TYPE', 'CHANGED', 'BY', 'LABELS', ...(values ? ['VALUE'] : [])], rows)
}
