import { sql } from 'kysely'
import { type Reader, tables } from '#db/database.ts'
import { hasText } from '#db/has-text.ts'
import type { Scope } from '#kernel/scope.ts'
import type { ParameterTables } from './tables.ts'

/** A parameter as a search shows it: never its value. */
export interface FoundParameter {
  readonly name: string
  readonly type: string
  readonly description: string | undefined
}

/** Up to `limit` parameters in order of their names, whose name or description has the text in it, whatever its case. */
export async function findParameters(
  reader: Reader,
  { account, region }: Scope,
  text: string,
  limit: number,
): Promise<FoundParameter[]> {
  const wanted = text.toLowerCase()
  const rows = await tables<ParameterTables>(reader)
    .selectFrom('parameter')
    .select(['name', 'type', 'description'])
    .where('account', '=', account)
    .where('region', '=', region)
    .where((eb) => eb.or([hasText(sql`lower(name)`, wanted), hasText(sql`lower(description)`, wanted)]))
    .orderBy('key')
    .limit(limit)
    .execute()
  return rows.map(({ description, ...row }) => ({ ...row, description: description ?? undefined }))
}
