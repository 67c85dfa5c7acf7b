/**
 * Queries that count: what they ask for can be told from the distinct entries and how many rows each of them stands for, which are far
 * fewer than the rows. Only a query of one table is rewritten, and only if nothing in it is about a single node. Pure.
 */
import { isName, isWord, type Token } from './sql-tokens.ts'

/** Whatever joins, nests, or looks at rows one by one. */
const OTHER_FORMS = [
  'with',
  'join',
  'union',
  'except',
  'intersect',
  'over',
  'filter',
  'window',
  'exists',
  'rowid',
  'random',
]
/** To these it matters how often a value comes. */
const OF_EACH_ROW = new Set(
  'sum total avg group_concat string_agg json_group_array json_group_object jsonb_group_array jsonb_group_object median percentile percentile_cont percentile_disc'.split(
    ' ',
  ),
)
const BEHIND_FROM = ['where', 'group', 'having', 'order', 'limit']
const NODE = 'node_id'

export const ROWS = '"*rows"'
export const ENTRY = '"*entry"'
/** An aggregate function of entries: how many nodes have one of them. */
export const NODES_OF = '"*nodes with"'

/** The same query of the table's entries instead of its rows; undefined if it is not of this form. */
export function countingEntries(query: string, tokens: readonly Token[], table: string): string | undefined {
  if (tokens.filter((token) => isWord(token, 'select')).length !== 1 || !isWord(tokens[0], 'select')) return undefined
  if (tokens.some((token) => isWord(token, ...OTHER_FORMS))) return undefined
  const from = tokens.findIndex((token) => isWord(token, 'from'))
  if (from < 0 || !isWord(tokens[from + 1], table) || !isOnlyTable(tokens, from)) return undefined
  const calls = tokens.filter((token, index) => isName(token) && tokens[index + 1]?.text === '(')
  if (calls.some(({ text }) => OF_EACH_ROW.has(text))) return undefined
  const summing = isWord(tokens[1], 'distinct') || tokens.some((token) => isWord(token, 'group'))
  // With several arguments these two are no aggregates; then it sums up only if something else does.
  if (!summing && !calls.some(({ text }) => text === 'count')) return undefined

  const edits = [{ ...tokens[from + 1]!, text: `"*${table}" as ${aliasOf(query, tokens, from)}` }]
  const counted = new Set<number>()
  for (const [index, token] of tokens.entries()) {
    if (!isWord(token, 'count') || tokens[index + 1]?.text !== '(') continue
    const end = tokens.findIndex((other, at) => at > index + 1 && other.text === ')' && other.depth === token.depth)
    if (end < 0) return undefined
    const text = countOf(query, tokens.slice(index + 2, end))
    if (text === undefined) return undefined
    for (let at = index; at <= end; at++) counted.add(at)
    edits.push({ ...token, end: tokens[end]!.end, text })
  }
  const rest = tokens.filter((_, index) => !counted.has(index))
  if (rest.some((token) => isName(token) && token.text === NODE) || rest.some(isAllColumns)) return undefined
  const alias = aliasTokens(tokens, from)
  return applied(query, [...edits, ...alias])
}

function isOnlyTable(tokens: readonly Token[], from: number): boolean {
  const behind = tokens[from + 2 + aliasTokens(tokens, from).length]
  return behind === undefined || isWord(behind, ...BEHIND_FROM) || behind.text === ';'
}

/** They are said again behind the other name of the table. */
function aliasTokens(tokens: readonly Token[], from: number): Token[] {
  const [first, second] = [tokens[from + 2], tokens[from + 3]]
  if (isWord(first, 'as') && second && isName(second)) return [blank(first!), blank(second)]
  return first && isName(first) && !isWord(first, ...BEHIND_FROM) ? [blank(first)] : []
}

function blank(token: Token): Token {
  return { ...token, text: '' }
}

function aliasOf(query: string, tokens: readonly Token[], from: number): string {
  const { start, end } = aliasTokens(tokens, from).at(-1) ?? tokens[from + 1]!
  return query.slice(start, end)
}

/** What stands for `count(…)`. */
function countOf(query: string, inner: readonly Token[]): string | undefined {
  const isOfNode = inner.some((token) => isName(token) && token.text === NODE)
  const rows = `ifnull(sum(${ROWS}), 0)`
  const value = isWord(inner[0], 'distinct') ? inner.slice(1) : inner
  if (isOfNode && !isNode(value)) return undefined
  if (value !== inner) return isOfNode ? `${NODES_OF}(${ENTRY})` : `count(${textOf(query, inner)})`
  if (isOfNode || inner.length === 0 || inner[0]!.text === '*') return rows
  return `ifnull(sum(${ROWS}) filter (where (${textOf(query, inner)}) is not null), 0)`
}

/** `node_id`, or `a.node_id`. */
function isNode(tokens: readonly Token[]): boolean {
  return (tokens.length === 1 || (tokens.length === 3 && tokens[1]!.text === '.')) && tokens.at(-1)!.text === NODE
}

function textOf(query: string, tokens: readonly Token[]): string {
  return tokens.length === 0 ? '' : query.slice(tokens[0]!.start, tokens.at(-1)!.end)
}

/** The star of `select *`; others multiply. */
function isAllColumns(token: Token, index: number, tokens: readonly Token[]): boolean {
  if (token.text !== '*') return false
  const before = tokens[index - 1]
  return isWord(before, 'select', 'distinct', 'all') || before?.text === ',' || before?.text === '.'
}

function applied(query: string, edits: readonly Token[]): string {
  let text = query
  for (const { start, end, text: instead } of edits.toSorted((a, b) => b.start - a.start))
    text = text.slice(0, start) + instead + text.slice(end)
  return text
}
