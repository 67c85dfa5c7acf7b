import type { CommandContent, Step } from './command-content.ts'
import { wholeReference } from './references.ts'
import type { Tree } from './tree.ts'

/** What a step counts when its time-out cannot be used or is not known, in seconds. */
const DEFAULT_SECONDS = 3600
/** What agents take for a time-out; what is shorter or longer counts as the default there too (AGT-10). */
const MIN_SECONDS = 5
const MAX_SECONDS = 172_800

/**
 * The document's share of a command's total time in seconds (RC-03a, recorded): every step counts its literal time-out or
 * the one *supplied* for it. A parameter that was not supplied counts 3600 whatever its default, and of a 1.2 plugin only
 * the first property object counts.
 */
export function executionTimeoutSeconds(
  steps: readonly Step[],
  supplied: Readonly<Record<string, readonly string[]>>,
): number {
  return steps.reduce((total, step) => total + stepSeconds(step, supplied), 0)
}

/**
 * The supplied values, with which no step goes on for longer than that where a parameter is its time-out; agents take no time-out
 * of less than five seconds.
 */
export function withTimeoutsUpTo(
  seconds: number,
  { steps, parameters = [] }: Pick<CommandContent, 'steps' | 'parameters'>,
  supplied: Readonly<Record<string, string[]>>,
): Record<string, string[]> {
  const longest = Math.max(seconds, MIN_SECONDS)
  const timeouts = new Set(steps.map(timeoutParameter))
  const longer = parameters
    .filter(({ name }) => timeouts.has(name))
    .filter(({ name, default: usual }) => Number(suppliedText(name, supplied) || usual) > longest)
  return { ...supplied, ...Object.fromEntries(longer.map(({ name }) => [name, [String(longest)]])) }
}

function stepSeconds(step: Step, supplied: Readonly<Record<string, readonly string[]>>): number {
  const parameter = timeoutParameter(step)
  const text = parameter === undefined ? String(timeoutOf(step)) : suppliedText(parameter, supplied)
  const seconds = /^\s*\d+\s*$/.test(text) ? Number(text) : 0
  return seconds >= MIN_SECONDS && seconds <= MAX_SECONDS ? seconds : DEFAULT_SECONDS
}

function timeoutOf(step: Step): Tree | undefined {
  return step.inputs[0]?.get('timeoutSeconds')
}

/** The parameter that is the step's time-out. */
function timeoutParameter(step: Step): string | undefined {
  const literal = timeoutOf(step)
  return typeof literal === 'string' ? wholeReference(literal) : undefined
}

function suppliedText(parameter: string, supplied: Readonly<Record<string, readonly string[]>>): string {
  const values = Object.hasOwn(supplied, parameter) ? supplied[parameter]! : []
  return values.length === 1 ? values[0]! : ''
}
