import { PatternError } from './pattern-error.ts'

/**
 * Compiles a pattern in which `*` stands for any number of characters; `\*` and `\\` stand for themselves. Matching takes time in
 * proportion to the text for each part between stars, never more, whatever the pattern.
 */
export function wildcard(pattern: string): (text: string) => boolean {
  const [head = '', ...rest] = partsOf(pattern)
  if (rest.length === 0) return (text) => text === head
  const tail = rest.pop()!
  return (text) => {
    if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false
    const end = text.length - tail.length
    let at = head.length
    for (const part of rest) {
      const found = text.indexOf(part, at)
      if (found < 0 || found + part.length > end) return false
      at = found + part.length
    }
    return true
  }
}

/** The literal texts between the stars. Positions in what is said count the quotation mark before the text, as AWS does. */
function partsOf(pattern: string): string[] {
  const parts = ['']
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!
    if (character === '*') {
      if (pattern[at - 1] === '*' && at > 0 && !isEscaped(pattern, at - 1))
        throw new PatternError(`Consecutive wildcard characters at pos ${at}`)
      parts.push('')
    } else if (character === '\\') {
      const next = pattern[++at]
      if (next !== '*' && next !== '\\') throw new PatternError(`Invalid escape character at pos ${at}`)
      parts[parts.length - 1] += next
    } else parts[parts.length - 1] += character
  }
  return parts
}

function isEscaped(pattern: string, at: number): boolean {
  let backslashes = 0
  while (pattern[at - 1 - backslashes] === '\\') backslashes++
  return backslashes % 2 === 1
}
