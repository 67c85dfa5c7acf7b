/**
 * Regular expressions that callers bring along: AWS matches the whole text with Java's expressions, whose leading flags are the
 * difference that people meet. A pattern may be made to backtrack for ever, which would stop the server; one that could is
 * matched under a time limit.
 */
import { createContext, Script } from 'node:vm'

/** Long enough that a busy machine is not taken for a bad pattern. */
const LIMIT_MS = 1_000

const matches = new Script('expression.test(text)')

/** Undefined for a pattern that is none, or that only Java understands. */
export function compileForeign(pattern: string): RegExp | undefined {
  const [, flags = '', rest = pattern] = /^\(\?([ims]+)\)([\s\S]*)$/.exec(pattern) ?? []
  try {
    return new RegExp(`^(?:${rest})$`, flags)
  } catch {
    return undefined
  }
}

/** Whether the expression matches. Throws if that cannot be said within a second. */
export function matchesForeign(expression: RegExp, text: string): boolean {
  if (!mayBacktrack(expression.source)) return expression.test(text)
  return matches.runInContext(createContext({ expression, text }), { timeout: LIMIT_MS }) as boolean
}

/** With at most one repetition, and none of a group, there are few ways to match. */
function mayBacktrack(source: string): boolean {
  const bare = source.slice('^(?:'.length, -')$'.length).replace(/\\.|\[(?:\\.|[^\]\\])*\]/gs, 'x')
  return /[()|]/.test(bare) || (bare.match(/[*+{]/g)?.length ?? 0) > 1
}
