import { type Expression, type SqlBool, sql } from 'kysely'

/**
 * That the text of a column may name a principal in JSON: the cheap sieve before the text is read. A name has no characters that JSON
 * must escape, but may be written with `\u…` all the same.
 */
export function mayName(column: string, principalArn: string): Expression<SqlBool> {
  const name = principalArn.split('/').at(-1)!
  const escaped = String.raw`%\u%`
  return sql<SqlBool>`(${sql.ref(column)} like ${`%${name}%`} escape '!' or ${sql.ref(column)} like ${escaped} escape '!')`
}
