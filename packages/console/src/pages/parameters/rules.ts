/**
 * Rules of Parameter Store, said while somebody types; the server has the last word. Mirrored from
 * packages/server/src/capabilities/parameters: name.ts, value.ts, labels.ts, parameter.ts.
 */
import { parameters as texts } from '#texts/parameters.ts'

const SEGMENTS = /^\/?[a-zA-Z0-9_.-]+(?:\/[a-zA-Z0-9_.-]+)*$/
const LEVELS = 15
const NAME_LENGTH = 960

export const TIER_BYTES = { Standard: 4096, Advanced: 8192 } as const

/** What is wrong with a name; undefined: nothing. */
export function nameFault(name: string): string | undefined {
  const { faults } = texts
  if (name === '') return faults.nameMissing
  if (/^\/?(?:aws|ssm)/i.test(name)) return faults.nameReserved
  if (!SEGMENTS.test(name)) return faults.name
  if (!name.startsWith('/') && name.includes('/')) return faults.nameSlash
  if (name.split('/').filter(Boolean).length > LEVELS) return faults.nameDeep(LEVELS)
  if (name.length > NAME_LENGTH) return faults.nameLong
  return undefined
}

export function bytesOf(value: string): number {
  return new TextEncoder().encode(value).length
}

export function valueFault(value: string, tier: string): string | undefined {
  const { faults } = texts
  if (value === '') return faults.valueMissing
  if (/\{\{[\s\S]*\}\}/.test(value)) return faults.valueNested
  const most = tier === 'Standard' ? TIER_BYTES.Standard : TIER_BYTES.Advanced
  if (bytesOf(value) > most) return faults.valueLong(bytesOf(value), most, tier)
  return undefined
}

export function patternFault(pattern: string): string | undefined {
  return pattern !== '' && !expressionOf(pattern) ? texts.faults.pattern : undefined
}

/**
 * Whether the whole value matches, as the server will look at it. Undefined if only the server can say: a pattern may come from
 * somebody else, and one that could backtrack for ever would stop this page.
 */
export function matchesPattern(pattern: string, value: string): boolean | undefined {
  return pattern === '' || mayBacktrack(pattern) ? undefined : expressionOf(pattern)?.test(value)
}

function mayBacktrack(pattern: string): boolean {
  const bare = pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gs, 'x')
  return /[()|]/.test(bare) || (bare.match(/[*+{]/g)?.length ?? 0) > 1
}

/** Java's leading flags are the difference to JavaScript's expressions that people meet. */
function expressionOf(pattern: string): RegExp | undefined {
  const [, flags = '', rest = pattern] = /^\(\?([ims]+)\)([\s\S]*)$/.exec(pattern) ?? []
  try {
    return new RegExp(`^(?:${rest})$`, flags)
  } catch {
    return undefined
  }
}

export function labelFault(label: string): string | undefined {
  const isGood = /^[a-zA-Z0-9_.-]{1,100}$/.test(label) && !/^(?:\d|aws|ssm)/i.test(label)
  return isGood ? undefined : texts.faults.label
}
