import { compileForeign, matchesForeign } from '@steward/protocol/foreign-pattern.ts'

/** Whether one of the patterns matches the whole command. One that takes too long to match does not. */
export function isAllowedCommand(patterns: readonly string[], command: string): boolean {
  return patterns.some((pattern) => {
    const expression = compileForeign(pattern)
    try {
      return expression !== undefined && matchesForeign(expression, command)
    } catch {
      return false
    }
  })
}
