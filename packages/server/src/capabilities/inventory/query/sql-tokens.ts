/** A query as tokens, for those who look at its form. What it means is for SQLite to say. Pure. */

export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'other'
  /** Words and quoted names in lower case, as SQLite compares them; the rest as it is written. */
  readonly text: string
  /** How many parentheses it is in; a parenthesis itself is outside of what it encloses. */
  readonly depth: number
  readonly start: number
  readonly end: number
}

const TOKEN =
  /\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|("(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|('(?:[^']|'')*')|(\d[\w.]*|[\s\S])/g

/** Without comments. What is no SQL becomes tokens as well. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = []
  let depth = 0
  for (const match of query.matchAll(TOKEN)) {
    const [all, word, name, text, other] = match
    const [start, end] = [match.index, match.index + all.length]
    if (other === ')') depth--
    if (word !== undefined) tokens.push({ kind: 'word', text: word.toLowerCase(), depth, start, end })
    else if (name !== undefined) tokens.push({ kind: 'name', text: unquoted(name), depth, start, end })
    else if (text !== undefined) tokens.push({ kind: 'text', text, depth, start, end })
    else if (other !== undefined) tokens.push({ kind: 'other', text: other, depth, start, end })
    if (other === '(') depth++
  }
  return tokens
}

function unquoted(name: string): string {
  const quote = name[0]!
  return name
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .toLowerCase()
}

export function isName({ kind }: Token): boolean {
  return kind === 'word' || kind === 'name'
}

/** Whether the token is this keyword; quoted words are none. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text)
}
