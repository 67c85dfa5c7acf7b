/** What a person asked of a table: what to show, in which order, which page. Lives in the address, so that it can be shared. */

export interface Token {
  /** A column's id; undefined: the text may stand in any. */
  readonly property?: string | undefined
  readonly operator: string
  readonly value: string
}

export interface TableQuery {
  readonly tokens: readonly Token[]
  readonly operation: 'and' | 'or'
  readonly sort: { readonly column: string; readonly descending: boolean } | undefined
  /** From 1. */
  readonly page: number
}

/** Reads the part of the address that belongs to the table whose names begin with `prefix`. */
export function queryFrom(search: URLSearchParams, prefix = ''): TableQuery {
  const sort = search.get(`${prefix}sort`)
  const page = Number(search.get(`${prefix}page`) ?? 1)
  return {
    tokens: search.getAll(`${prefix}f`).map(tokenFrom),
    operation: search.get(`${prefix}any`) === '1' ? 'or' : 'and',
    sort: sort ? { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') } : undefined,
    page: Number.isInteger(page) && page > 0 ? page : 1,
  }
}

/** Writes it into a copy of the address; what is as usual is left out. */
export function withQuery(search: URLSearchParams, query: TableQuery, prefix = ''): URLSearchParams {
  const next = new URLSearchParams(search)
  for (const name of ['f', 'any', 'sort', 'page']) next.delete(`${prefix}${name}`)
  for (const token of query.tokens) next.append(`${prefix}f`, textOf(token))
  if (query.operation === 'or') next.set(`${prefix}any`, '1')
  if (query.sort) next.set(`${prefix}sort`, `${query.sort.descending ? '-' : ''}${query.sort.column}`)
  if (query.page > 1) next.set(`${prefix}page`, String(query.page))
  return next
}

const TOKEN = /^([^~]*)~(!?[=:^]|[<>]=?)~([\s\S]*)$/

/** `property~operator~value`, or only the value for text anywhere. */
function textOf({ property, operator, value }: Token): string {
  const isPlain = property === undefined && operator === ':' && !TOKEN.test(value)
  return isPlain ? value : `${property ?? ''}~${operator}~${value}`
}

function tokenFrom(text: string): Token {
  const [, property, operator, value] = TOKEN.exec(text) ?? []
  if (operator === undefined) return { property: undefined, operator: ':', value: text }
  return { property: property || undefined, operator, value: value! }
}

/** Whether an item is shown: `textsOf` gives the texts of a column, or of all. */
export function matches(query: TableQuery, textsOf: (column: string | undefined) => readonly string[]): boolean {
  if (query.tokens.length === 0) return true
  const holds = (token: Token) => tokenHolds(token, textsOf(token.property))
  return query.operation === 'or' ? query.tokens.some(holds) : query.tokens.every(holds)
}

function tokenHolds({ operator, value }: Token, texts: readonly string[]): boolean {
  const wanted = value.toLowerCase()
  const lower = texts.map((text) => text.toLowerCase())
  switch (operator) {
    case '=':
      return lower.includes(wanted)
    case '!=':
      return !lower.includes(wanted)
    case '!:':
      return !lower.some((text) => text.includes(wanted))
    case '^':
      return lower.some((text) => text.startsWith(wanted))
    case '!^':
      return !lower.some((text) => text.startsWith(wanted))
    case '>':
    case '>=':
    case '<':
    case '<=':
      return lower.some((text) => compares(compareTexts(text, wanted), operator))
    default:
      return lower.some((text) => text.includes(wanted))
  }
}

function compares(order: number, operator: string): boolean {
  return (operator.startsWith('>') ? order > 0 : order < 0) || (operator.endsWith('=') && order === 0)
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Order of people: 9 before 10, without regard to case. */
export function compareTexts(one: string, other: string): number {
  return collator.compare(one, other)
}
