import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'

/** A condition: the column has this text in it. For any case, hand in both in lower case. */
export function hasText(column: Expression<string | null>, text: string): RawBuilder<SqlBool> {
  return sql`${column} like ${`%${text.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`
}
