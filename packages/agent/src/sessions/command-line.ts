/** A text as one word of sh. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/**
 * The words of a command line, by the quoting rules of sh and nothing else of it: no variables, no patterns, no operators.
 * A `#` at the start of a word begins a comment. Throws when a quote is not closed.
 */
export function splitCommandLine(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at]!
    if (character === "'" || character === '"') {
      const [text, end] = quotedText(line, at)
      word = (word ?? '') + text
      at = end
    } else if (character === '\\') {
      at += 1
      if (at === line.length) throw new Error('the line ends with a backslash')
      word = (word ?? '') + line[at]
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (character === '#' && word === undefined) {
      const end = line.indexOf('\n', at)
      at = end < 0 ? line.length : end
    } else word = (word ?? '') + character
  }
  return word === undefined ? words : [...words, word]
}

/** The text between the quote at `start` and its end, and where that is. */
function quotedText(line: string, start: number): [text: string, end: number] {
  const quote = line[start]!
  let text = ''
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] === quote) return [text, at]
    // In double quotes a backslash is itself unless it protects one of these.
    if (quote === '"' && line[at] === '\\' && /["\\$`\n]/.test(line[at + 1] ?? '')) at += 1
    text += line[at]
  }
  throw new Error(`a quote (${quote}) is not closed`)
}
