/**
 * The regular expressions of filter patterns: no groups, no references. They are matched by following all possibilities at once, so a
 * message takes time in proportion to its length, whatever the expression.
 */
import { invalidPattern } from '../errors.ts'

export type Matcher = (text: string) => boolean

/** One character of the text that must, may, or may many times stand here. */
interface Step {
  readonly takes: (character: string) => boolean
  readonly optional: boolean
  readonly repeats: boolean
}

interface Alternative {
  readonly steps: readonly Step[]
  readonly atStart: boolean
  readonly atEnd: boolean
}

const MOST_STEPS = 500

/** Whether a text has a part that the expression matches. Throws `InvalidParameterException`. */
export function simpleExpression(source: string): Matcher {
  const alternatives = splitAlternatives(source).map(parseAlternative)
  return (text) => alternatives.some((alternative) => finds(alternative, text))
}

/** At bars that are neither escaped nor in a class. */
function splitAlternatives(source: string): string[] {
  const parts = ['']
  for (const [token] of source.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|[^\\]/gs)) {
    if (token === '|') parts.push('')
    else parts[parts.length - 1] += token
  }
  return parts
}

function parseAlternative(source: string): Alternative {
  const atStart = source.startsWith('^')
  const atEnd = source.endsWith('$') && !source.endsWith('\\$')
  const steps: Step[] = []
  let rest = source.slice(atStart ? 1 : 0, atEnd ? -1 : undefined)
  while (rest !== '') {
    const [whole, atom, quantifier = ''] =
      /^(\\.|\[(?:\\.|[^\]\\])+\]|[^\\[\](){}*+?|^$])([*+?]|\{\d{1,3}(?:,\d{0,3})?\})?/s.exec(rest) ?? []
    if (whole === undefined || atom === undefined) throw invalidPattern()
    steps.push(...repeated(takerOf(atom), quantifier))
    if (steps.length > MOST_STEPS) throw invalidPattern()
    rest = rest.slice(whole.length)
  }
  return { steps, atStart, atEnd }
}

/** One character of any kind is what the language's own expressions are good for. */
function takerOf(atom: string): Step['takes'] {
  try {
    const expression = new RegExp(`^${atom}$`, 'u')
    return (character) => expression.test(character)
  } catch {
    const literal = /^\\[^\w\s]$/.test(atom) ? atom[1] : undefined
    if (literal === undefined) throw invalidPattern()
    return (character) => character === literal
  }
}

function repeated(takes: Step['takes'], quantifier: string): Step[] {
  const once = { takes, optional: false, repeats: false }
  switch (quantifier) {
    case '':
      return [once]
    case '?':
      return [{ ...once, optional: true }]
    case '*':
      return [{ ...once, optional: true, repeats: true }]
    case '+':
      return [{ ...once, repeats: true }]
  }
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}$/.exec(quantifier)!
  const must = Array<Step>(Number(least)).fill(once)
  if (comma === '') return must
  if (most === '') return [...must, { ...once, optional: true, repeats: true }]
  if (Number(most) < Number(least)) throw invalidPattern()
  return [...must, ...Array<Step>(Number(most) - Number(least)).fill({ ...once, optional: true })]
}

/** Follows, character by character, all steps that could come next. */
function finds({ steps, atStart, atEnd }: Alternative, text: string): boolean {
  let next = reach(steps, new Set(), 0)
  if (next.has(steps.length) && (!atEnd || text === '')) return true
  for (const character of text) {
    const after = new Set<number>()
    for (const at of next) {
      const step = steps[at]
      if (!step?.takes(character)) continue
      if (step.repeats) reach(steps, after, at, true)
      reach(steps, after, at + 1)
    }
    if (!atStart) reach(steps, after, 0)
    next = after
    if (!atEnd && next.has(steps.length)) return true
  }
  return next.has(steps.length)
}

/** Adds a place, and those behind it that optional steps lead to. `again`: the step there was taken once already. */
function reach(steps: readonly Step[], places: Set<number>, from: number, again = false): Set<number> {
  for (let at = from; !places.has(at); at += 1) {
    places.add(at)
    if (!steps[at]?.optional && !(again && at === from)) break
  }
  return places
}
