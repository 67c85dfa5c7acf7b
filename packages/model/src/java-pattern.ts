const INLINE_FLAGS = /^\(\?([ism]+)\)(.*)$/s

/**
 * Patterns of AWS that try every way to divide a run of spaces, and others that match the same texts at once. «Some blanks, words
 * that may hold blanks, blanks between them» is any text of these characters with one that is not a tab.
 */
const EQUIVALENTS: Readonly<Record<string, string>> = {
  '^[ \\t]*[\\x20-\\x7E]+([ \\t]+[\\x20-\\x7E]+)*[ \\t]*$': '\\t*[\\x20-\\x7E][\\t\\x20-\\x7E]*',
  '^[ \\t]*[^\\x00-\\x1F:\\x7F]+([ \\t]+[^\\x00-\\x1F:\\x7F]+)*[ \\t]*$':
    '\\t*[^\\x00-\\x1F:\\x7F][^\\x00-\\x08\\x0A-\\x1F:\\x7F]*',
}

/**
 * The test of a model's pattern. AWS matches with Java's `Matcher.matches`, so the whole text must match; flags at the
 * pattern's start, such as `(?i)`, hold for all of it.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const source = `^(?:${(EQUIVALENTS[pattern] ?? pattern).replace(INLINE_FLAGS, '(?$1:$2)')})$`
  const regex = tryUnicode(source) ?? new RegExp(source)
  return (text) => regex.test(text)
}

/** Unicode mode gives `\p{…}` its meaning but refuses needless escapes; such patterns work in the older mode. */
function tryUnicode(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'u')
  } catch {
    return undefined
  }
}
