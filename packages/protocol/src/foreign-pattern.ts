/*
 * Regular expressions that callers bring along: AWS matches the whole text with Java's. A pattern may be made to backtrack for
 * ever, which would stop the program; one that could is matched under a time limit.
 */
import { createContext, Script } from 'node:vm'
import { fromJava } from '#java-expression.ts'

/** Thousands of times what an honest pattern needs; nothing else happens meanwhile. */
const LIMIT_MS = 250

const matches = new Script('expression.test(text)')

/** Undefined for a pattern that is none, or that only Java understands. */
export function compileForeign(pattern: string): RegExp | undefined {
  const [, flags = '', rest = pattern] = /^\(\?([ims]+)\)([\s\S]*)$/.exec(pattern) ?? []
  const source = fromJava(rest)
  // By itself first: what closes a group that it did not open would break out of ours.
  if (source === undefined || !compiled(source, flags)) return undefined
  return compiled(`^(?:${source})$`, flags)
}

/** Java takes «[\w-.]» for three things, which only the older mode does as well; that does not know what has braces. */
function compiled(source: string, flags: string): RegExp | undefined {
  for (const mode of /\\[pPu]\{/.test(source) ? ['u'] : ['u', '']) {
    try {
      return new RegExp(source, flags + mode)
    } catch {}
  }
  return undefined
}

/** Whether the expression matches. Throws if that cannot be said within a quarter of a second. */
export function matchesForeign(expression: RegExp, text: string): boolean {
  if (!mayBacktrack(expression.source)) return expression.test(text)
  return matches.runInContext(createContext({ expression, text }), { timeout: LIMIT_MS }) as boolean
}

/** With at most one repetition, and none of a group, there are few ways to match. */
function mayBacktrack(source: string): boolean {
  const bare = source.slice('^(?:'.length, -')$'.length).replace(/\\.|\[(?:\\.|[^\]\\])*\]/gs, 'x')
  return /[()|]/.test(bare) || (bare.match(/[*+?{]/g)?.length ?? 0) > 1
}
