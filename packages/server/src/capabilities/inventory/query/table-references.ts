/**
 * Where a query takes rows of a table from, and which of its conditions every row must meet that gets into the answer from there. It may
 * miss conditions and references, and says so, but none that it tells is wrong: where the form of a query leaves a doubt, it tells nothing.
 * Pure.
 */
import { isName, isWord, type Token } from './sql-tokens.ts'

export interface TableReference {
  /** What its columns may be called by: its alias, or its own name. */
  readonly alias: string
  /** In SQL. */
  readonly conditions: readonly string[]
}

const COMPOUND = ['union', 'except', 'intersect']
const CLAUSES = ['where', 'group', 'having', 'window', 'order', 'limit', ...COMPOUND]
const ENDS = [...CLAUSES, ';']
const JOINS = ['join', 'left', 'inner', 'cross', 'natural', 'right', 'full', 'outer']
const BEHIND_TABLE = [...CLAUSES, ...JOINS, 'on', 'using', 'indexed', 'not']
/** Joins of which conditions on one side do not keep rows of the other from the answer, or that join by what is not said. */
const DOUBTFUL = ['right', 'full', 'natural']

/** All references of a table; undefined if there is one of which nothing can be told. */
export function referencesOf(query: string, tokens: readonly Token[], table: string): TableReference[] | undefined {
  const found: TableReference[] = []
  for (const [index, token] of tokens.entries()) {
    if (!isName(token) || token.text !== table) continue
    // A column's table, or a column of this name.
    if (tokens[index + 1]?.text === '.' || tokens[index - 1]?.text === '.') continue
    const reference = referenceAt(query, tokens, index)
    if (!reference) return undefined
    found.push(reference)
  }
  return found
}

function referenceAt(query: string, tokens: readonly Token[], index: number): TableReference | undefined {
  const { depth } = tokens[index]!
  const from = lastBefore(tokens, index, depth, 'from')
  const before = tokens[index - 1]
  if (from === undefined || !(isWord(before, 'from', 'join') || before?.text === ',')) return undefined
  const end = scopeEnd(tokens, index, depth)
  const own = (first: number, last: number) => tokens.slice(first, last).filter((token) => token.depth === depth)
  if (own(from, end).some((token) => isWord(token, ...DOUBTFUL))) return undefined

  let next = index + 1
  if (isWord(tokens[next], 'as')) next++
  const named = tokens[next]
  const hasAlias = next < end && named && isName(named) && !isWord(named, ...BEHIND_TABLE)
  if (hasAlias) next++
  const on = isWord(tokens[next], 'on') ? clauseAt(tokens, next, end, depth, [...ENDS, ...JOINS, ',']) : []
  const where = tokens.findIndex(
    (token, at) => at > index && at < end && token.depth === depth && isWord(token, 'where'),
  )
  // Rows that a left join adds are nulls: conditions on those are about what is missing.
  const isOptional = own(Math.max(from, index - 3), index).some((token) => isWord(token, 'left'))
  const filter = where < 0 || isOptional ? [] : clauseAt(tokens, where, end, depth, ENDS)
  return {
    alias: hasAlias ? query.slice(named.start, named.end) : query.slice(tokens[index]!.start, tokens[index]!.end),
    conditions: [on, filter].flatMap((clause) => conjuncts(query, clause, depth)),
  }
}

/** The keyword within the same parentheses, of the same `select`. */
function lastBefore(tokens: readonly Token[], index: number, depth: number, word: string): number | undefined {
  for (let at = index - 1; at >= 0 && tokens[at]!.depth >= depth; at--) {
    if (tokens[at]!.depth !== depth) continue
    if (isWord(tokens[at], word)) return at
    if (isWord(tokens[at], 'select', 'where', ...COMPOUND)) return undefined
  }
  return undefined
}

function scopeEnd(tokens: readonly Token[], index: number, depth: number): number {
  const end = tokens.findIndex(
    (token, at) => at > index && (token.depth < depth || (token.depth === depth && isWord(token, ...COMPOUND))),
  )
  return end < 0 ? tokens.length : end
}

/** What follows a keyword, up to one of those that end it. */
function clauseAt(tokens: readonly Token[], start: number, end: number, depth: number, ends: readonly string[]) {
  const last = tokens.findIndex(
    (token, at) =>
      at > start && (at >= end || (token.depth === depth && token.kind !== 'text' && ends.includes(token.text))),
  )
  return tokens.slice(start + 1, last < 0 ? end : last)
}

/** The parts that must all hold. */
function conjuncts(query: string, clause: readonly Token[], depth: number): string[] {
  if (clause.some((token) => token.depth === depth && isWord(token, 'or', 'between', 'case'))) return []
  const parts: Token[][] = [[]]
  for (const token of clause) {
    if (token.depth === depth && isWord(token, 'and')) parts.push([])
    else parts.at(-1)!.push(token)
  }
  return parts
    .filter((part) => part.length > 0 && !part.some((token) => isWord(token, 'select', 'random')))
    .map((part) => query.slice(part[0]!.start, part.at(-1)!.end))
}
