/**
 * The test of a model's pattern. AWS matches with Java's `Matcher.matches`, so the whole text must match, and a leading
 * `(?i)` ignores case.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const ignoreCase = pattern.startsWith('(?i)')
  const source = `^(?:${ignoreCase ? pattern.slice(4) : pattern})$`
  const flags = ignoreCase ? 'i' : ''
  const regex = tryRegex(source, `${flags}u`) ?? new RegExp(source, flags)
  return (text) => regex.test(text)
}

/** Unicode mode gives `\p{…}` its meaning but refuses needless escapes; such patterns work in the older mode. */
function tryRegex(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}
