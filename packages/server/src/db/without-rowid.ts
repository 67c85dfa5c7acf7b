import { type Kysely, PostgresAdapter, sql } from 'kysely'

/**
 * Has SQLite store a table's rows in the tree of its primary key. By itself it gives them numbers and two trees, one of rows by number and
 * one of numbers by key, so that each row that is found, added or removed by its key costs twice. For tables of small rows that are used
 * by their keys. For migrations; on PostgreSQL there is nothing to do.
 */
export async function storeByKey(kysely: Kysely<unknown>, table: string): Promise<void> {
  if (kysely.getExecutor().adapter instanceof PostgresAdapter) return
  const { rows } = await sql<{ type: 'table' | 'index'; sql: string }>`
    select type, sql from sqlite_master where tbl_name = ${table} and sql is not null`.execute(kysely)
  const declared = rows.find(({ type }) => type === 'table')!.sql
  const former = `${table}_by_number`
  await sql`alter table ${sql.table(table)} rename to ${sql.table(former)}`.execute(kysely)
  await sql.raw(`${declared} without rowid`).execute(kysely)
  await sql`insert into ${sql.table(table)} select * from ${sql.table(former)}`.execute(kysely)
  await sql`drop table ${sql.table(former)}`.execute(kysely)
  for (const { type, sql: index } of rows) if (type === 'index') await sql.raw(index).execute(kysely)
}
