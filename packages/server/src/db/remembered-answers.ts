/**
 * Answers to queries, remembered until a table that they were read from changes. Every request looks up who calls and what it
 * names, mostly what others looked up before. Rows that are remembered are shared and frozen.
 *
 * The connection that writes says which tables it is changing, before it does, and when what it did is committed or undone. In
 * between nobody is answered from memory about those tables, and nothing is remembered of them: the one connection sees the
 * change already, the other not yet.
 */

/** Rows that are remembered in all; the next one clears the table. */
const ROWS = 16_384
/** Queries that are remembered; they are few, but for those that are put together anew each time. */
const QUERIES = 1024
/** Larger answers are asked for seldom, and would displace the others. */
const ROWS_OF_ANSWER = 128
const CHARACTERS_OF_VALUE = 16_384

type Rows = readonly object[]

interface Query {
  readonly tables: readonly string[]
  readonly answers: Map<string, Rows>
}

export class RememberedAnswers {
  readonly #queries = new Map<string, Query>()
  readonly #byTable = new Map<string, Query[]>()
  readonly #changing = new Set<string>()
  #rows = 0

  /** The rows of a query that reads these tables and no others; `ask` is called if they are not known. */
  rows(sql: string, tables: readonly string[], parameters: readonly unknown[], ask: () => Rows): Rows {
    if (this.#changing.size > 0 && tables.some((table) => this.#changing.has(table))) return ask()
    const key = keyOf(parameters)
    if (key === undefined) return ask()
    const known = this.#queries.get(sql)?.answers.get(key)
    if (known) return known
    const rows = ask()
    if (isSmall(rows)) this.#remember(sql, tables, key, rows)
    return rows
  }

  /** The transaction that runs is about to change these tables. */
  changing(tables: readonly string[]): void {
    for (const table of tables) {
      if (this.#changing.has(table)) continue
      this.#changing.add(table)
      for (const { answers } of this.#byTable.get(table) ?? []) {
        for (const rows of answers.values()) this.#rows -= weight(rows)
        answers.clear()
      }
    }
  }

  /** The tables that the transaction that runs has changed. */
  get changed(): ReadonlySet<string> {
    return this.#changing
  }

  /** The tables of which answers may be remembered. */
  get tables(): Iterable<string> {
    return this.#byTable.keys()
  }

  /** That transaction is committed, or undone. */
  settled(): void {
    if (this.#changing.size > 0) this.#changing.clear()
  }

  /** Anything may have changed. */
  forget(): void {
    this.#queries.clear()
    this.#byTable.clear()
    this.#rows = 0
  }

  #remember(sql: string, tables: readonly string[], key: string, rows: Rows): void {
    if (this.#rows + weight(rows) > ROWS || this.#queries.size > QUERIES) this.forget()
    this.#rows += weight(rows)
    for (const row of rows) Object.freeze(row)
    Object.freeze(rows)
    const query = this.#queries.get(sql) ?? this.#add(sql, tables)
    query.answers.set(key, rows)
  }

  #add(sql: string, tables: readonly string[]): Query {
    const query = { tables, answers: new Map<string, Rows>() }
    this.#queries.set(sql, query)
    for (const table of tables) {
      const others = this.#byTable.get(table)
      if (others) others.push(query)
      else this.#byTable.set(table, [query])
    }
    return query
  }
}

function weight(rows: Rows): number {
  return rows.length + 1
}

/** Texts of their own for parameters that differ, also in their type; undefined for those that are not worth a text. */
function keyOf(parameters: readonly unknown[]): string | undefined {
  let key = ''
  for (const value of parameters) {
    if (typeof value === 'string') key += `${value.length}:${value}`
    else if (typeof value === 'number') key += `n${value};`
    else if (value === null) key += 'z'
    else return undefined
  }
  return key
}

function isSmall(rows: Rows): boolean {
  return rows.length <= ROWS_OF_ANSWER && rows.every((row) => Object.values(row).every(isSmallValue))
}

/** Bytes are not: who is given them could change them. */
function isSmallValue(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= CHARACTERS_OF_VALUE
  return typeof value !== 'object' || value === null
}
