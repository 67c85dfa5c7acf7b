import type { Step } from './command-content.ts'
import { wholeReference } from './references.ts'

/** What a step counts when its time-out cannot be used or is not known, in seconds. */
const DEFAULT_SECONDS = 3600
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

function stepSeconds(step: Step, supplied: Readonly<Record<string, readonly string[]>>): number {
  const literal = step.inputs[0]?.get('timeoutSeconds')
  const parameter = typeof literal === 'string' ? wholeReference(literal) : undefined
  const text = parameter === undefined ? String(literal) : suppliedText(parameter, supplied)
  const seconds = /^\s*\d+\s*$/.test(text) ? Number(text) : 0
  return seconds >= 1 && seconds <= MAX_SECONDS ? seconds : DEFAULT_SECONDS
}

function suppliedText(parameter: string, supplied: Readonly<Record<string, readonly string[]>>): string {
  const values = Object.hasOwn(supplied, parameter) ? supplied[parameter]! : []
  return values.length === 1 ? values[0]! : ''
}
