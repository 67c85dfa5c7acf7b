/**
 * Answers to queries, remembered for as long as the snapshot that they were read from: the same question to the same snapshot has
 * the same answer. Every request looks up who calls and what it names, mostly what the one before looked up. Rows that are
 * remembered are shared and frozen.
 */

/** Rows that are remembered in all; the next one clears the table. */
const ROWS = 16_384
/** Larger answers are asked for seldom, and would displace the others. */
const ROWS_OF_ANSWER = 128
const CHARACTERS_OF_VALUE = 16_384

type Rows = readonly object[]

export class SnapshotAnswers {
  readonly #bySql = new Map<string, Map<string, Rows>>()
  #rows = 0

  /** The rows of this query; `ask` is called if they are not known. */
  rows(sql: string, parameters: readonly unknown[], ask: () => Rows): Rows {
    const key = keyOf(parameters)
    if (key === undefined) return ask()
    const known = this.#bySql.get(sql)?.get(key)
    if (known) return known
    const rows = ask()
    if (isSmall(rows)) this.#remember(sql, key, rows)
    return rows
  }

  #remember(sql: string, key: string, rows: Rows): void {
    if (this.#rows + rows.length >= ROWS) this.#forget()
    this.#rows += rows.length + 1
    for (const row of rows) Object.freeze(row)
    Object.freeze(rows)
    const answers = this.#bySql.get(sql)
    if (answers) answers.set(key, rows)
    else this.#bySql.set(sql, new Map([[key, rows]]))
  }

  #forget(): void {
    this.#bySql.clear()
    this.#rows = 0
  }
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
  if (rows.length > ROWS_OF_ANSWER) return false
  const values: unknown[] = rows.length > 0 ? Object.values(rows[0]!) : []
  return values.every(
    (value) =>
      value === null ||
      (typeof value !== 'object' && (typeof value !== 'string' || value.length <= CHARACTERS_OF_VALUE)),
  )
}
