const INLINE_FLAGS = /^\(\?([is]+)\)/

/**
 * The test of a model's pattern. AWS matches with Java's `Matcher.matches`, so the whole text must match; flags at the
 * pattern's start, such as `(?i)`, hold for all of it.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const flags = INLINE_FLAGS.exec(pattern)?.[1] ?? ''
  const source = `^(?:${pattern.replace(INLINE_FLAGS, '')})$`
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
