import { type ColumnDefinitionBuilder, type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely'
import type { ChangeFeed } from './changes.ts'
import type { CommitCounts } from './commit-counts.ts'

/**
 * What every store sees of the database. Table types are a capability's own business: `tables<DocumentTables>(tx)`
 * gives the query builder with that capability's tables and no others.
 */
declare const reader: unique symbol
declare const writer: unique symbol

/** Can look, cannot write. Each statement sees what was committed before it. */
export interface Reader {
  readonly [reader]: true
}

/** A running transaction. Exists only inside {@link Database.write}. */
export interface Tx extends Reader {
  readonly [writer]: true
}

export interface Database {
  readonly kind: 'sqlite' | 'postgres'
  /** What transactions noted with `noteChange`, once it is durable. */
  readonly changes: ChangeFeed

  /** What another thread of this process needs to read it too (`shared-database.ts`); undefined if it is in memory. */
  readonly shared: SharedDatabase | undefined

  /** Runs queries outside a transaction. */
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>

  /**
   * Runs `work` in a transaction and resolves once it is durable. On a thrown error nothing of it remains. `work` may run
   * more than once (a lost race is repeated), so it must have no effect but its writes, and must await nothing but
   * the database.
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>

  /** Brings the schema up to date; already applied migrations are left alone. */
  migrate(migrations: Migrations): Promise<void>

  /** Deletes every row of every table. Test mode only. */
  empty(): Promise<void>

  /** Resolves when a trivial write can be made durable; rejects with the reason otherwise. */
  check(): Promise<void>

  /** Bytes that it takes. */
  size(): Promise<number>

  close(): Promise<void>
}

/** A database that several threads of one process read, one of which writes. */
export type SharedDatabase =
  | {
      readonly kind: 'sqlite'
      readonly path: string
      /** Counted before anybody is told of what was committed. */
      readonly commits: CommitCounts
      /** In shared memory: 1 once another thread came upon damage. */
      readonly damaged: Int32Array
    }
  | { readonly kind: 'postgres'; readonly url: string }

/** Migrations of all capabilities by name, e.g. `documents-0001`. Released ones never change. */
export type Migrations = Record<string, Migration>

export interface Migration {
  up(schema: Kysely<unknown>): Promise<void>
}

type SelectOnly<T> = Pick<Kysely<T>, 'selectFrom' | 'with' | 'fn' | 'dynamic' | 'selectNoFrom'>

/** The query builder for one capability's tables: all verbs within a transaction, only `select` for a reader. */
export function tables<T>(tx: Tx): Kysely<T>
export function tables<T>(reader: Reader): SelectOnly<T>
export function tables<T>(handle: Reader): Kysely<T> {
  return handle as unknown as Kysely<T>
}

/**
 * Runs one hand-written `select`. For the few lists that are asked for thousands of times a second, where putting the query
 * together with the builder takes as long as answering it.
 */
export async function select<Row>(reader: Reader, query: RawBuilder<Row>): Promise<Row[]> {
  return (await query.execute(reader as unknown as Kysely<unknown>)).rows
}

/** Gives a query builder the type under which stores receive it. For the database implementations and tests only. */
export function asTx(kysely: Kysely<unknown>): Tx {
  return kysely as unknown as Tx
}

/** A database connection that answers at once, without a promise. */
export interface DirectConnection {
  execute<Row>(sql: string, parameters: readonly unknown[]): { rows: Row[] }
}

const direct = new WeakMap<object, DirectConnection>()

/** Says that the queries of a handle may go to this connection without the query builder. For the database implementations. */
export function setDirect(handle: Reader, connection: DirectConnection): void {
  direct.set(handle, connection)
}

/** The connection of a handle, if its database has one that needs no waiting. For `statement.ts`. */
export function directConnection(handle: Reader): DirectConnection | undefined {
  return direct.get(handle)
}

const committed = new WeakMap<Tx, Reader>()

/** Says through which handle one sees what was committed while a transaction runs. For the database implementations. */
export function setCommitted(tx: Tx, reader: Reader): void {
  committed.set(tx, reader)
}

/**
 * The handle that sees what is committed: of a transaction the one beside it, of a reader itself. For what is no part of a transaction's
 * own work, such as a memory that all share. A database in memory has no other handle than its transaction's.
 */
export function committedOf(handle: Reader): Reader {
  return committed.get(handle as Tx) ?? handle
}

/** The column type for bytes, which the two databases call differently. For migrations. */
export function bytesType(kysely: Kysely<unknown>): 'bytea' | 'blob' {
  return kysely.getExecutor().adapter instanceof PostgresAdapter ? 'bytea' : 'blob'
}

/** The column type for text that is looked up in ranges: ordered by its bytes, whatever the database's locale. For migrations. */
export function orderedText(kysely: Kysely<unknown>): RawBuilder<string> {
  return kysely.getExecutor().adapter instanceof PostgresAdapter ? sql`text collate "C"` : sql`text`
}

/** Type and definition of a primary key that numbers rows in the order in which they are written. For migrations. */
export function serialKey(
  kysely: Kysely<unknown>,
): ['bigserial' | 'integer', (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder] {
  if (kysely.getExecutor().adapter instanceof PostgresAdapter) return ['bigserial', (column) => column.primaryKey()]
  // Without autoincrement SQLite would give the numbers of deleted rows again.
  return ['integer', (column) => column.primaryKey().autoIncrement()]
}
