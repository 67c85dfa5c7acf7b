const INLINE_FLAGS = /^\(\?([ism]+)\)(.*)$/s

/**
 * The test of a model's pattern. AWS matches with Java's `Matcher.matches`, so the whole text must match; flags at the
 * pattern's start, such as `(?i)`, hold for all of it.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const source = `^(?:${pattern.replace(INLINE_FLAGS, '(?$1:$2)')})$`
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
