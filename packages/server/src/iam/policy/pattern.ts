/**
 * What a policy may write where a text of the request is compared: wildcards, and in policies of 2012-10-17 variables
 * (`${aws:username}`, with a default `${aws:username, 'nobody'}`) and escapes (`${*}`, `${?}`, `${$}`). What a variable stands
 * for is taken literally. Matching takes at worst the product of both lengths, whatever the pattern.
 */
import type { RequestContext } from './request-context.ts'

/** Whether a text of the request is what the policy says, given what the variables stand for. */
export type Matcher = (text: string, context: RequestContext) => boolean

/** Also matches: any text (`*`) and any character (`?`). */
export function wildcardMatcher(pattern: string, variables: boolean): Matcher {
  const parts = partsOf(pattern, variables)
  if (parts.every((part) => typeof part !== 'object')) return staticMatcher(parts as readonly StaticPart[])
  return (text, context) => {
    const resolved = resolveParts(parts, context)
    return resolved !== undefined && matches(toCodes(resolved), text)
  }
}

/** Exactly this text; `fold` prepares both sides, for comparisons that ignore case. */
export function literalMatcher(
  pattern: string,
  variables: boolean,
  fold: (text: string) => string = (text) => text,
): Matcher {
  const parts = partsOf(pattern, variables).map((part) => (part === ANY ? '*' : part === ONE ? '?' : part))
  if (parts.every((part) => typeof part === 'string')) {
    const wanted = fold(parts.join(''))
    return (text) => fold(text) === wanted
  }
  return (text, context) => {
    const resolved = resolveParts(parts, context)
    return resolved !== undefined && fold(resolved.join('')) === fold(text)
  }
}

/** The names of the variables in a text, as written. */
export function variablesOf(pattern: string): string[] {
  return partsOf(pattern, true).flatMap((part) => (typeof part === 'object' ? [part.variable] : []))
}

const ANY = -1
const ONE = -2

type StaticPart = string | typeof ANY | typeof ONE

interface Variable {
  readonly variable: string
  readonly otherwise: string | undefined
}

const TOKEN = /\$\{([*?$])\}|\$\{\s*([^\s,}]+)\s*(?:,\s*'([^'}]*)'\s*)?\}|[*?]/g
const WILDCARD = /[*?]/g

function partsOf(pattern: string, variables: boolean): (StaticPart | Variable)[] {
  const parts: (StaticPart | Variable)[] = []
  let at = 0
  for (const match of pattern.matchAll(variables ? TOKEN : WILDCARD)) {
    if (match.index > at) parts.push(pattern.slice(at, match.index))
    const [token, escaped, variable, otherwise] = match
    if (escaped !== undefined) parts.push(escaped)
    else if (variable !== undefined) parts.push({ variable, otherwise })
    else parts.push(token === '*' ? ANY : ONE)
    at = match.index + token.length
  }
  if (at < pattern.length) parts.push(pattern.slice(at))
  return parts
}

/** Undefined if a variable stands for nothing: then nothing matches. */
function resolveParts(parts: readonly (StaticPart | Variable)[], context: RequestContext): StaticPart[] | undefined {
  const resolved: StaticPart[] = []
  for (const part of parts) {
    if (typeof part !== 'object') resolved.push(part)
    else {
      const value = context.get(part.variable.toLowerCase()) ?? part.otherwise
      if (typeof value !== 'string') return undefined
      resolved.push(value)
    }
  }
  return resolved
}

/** Nearly every pattern is one of the first three. */
function staticMatcher(parts: readonly StaticPart[]): Matcher {
  const [first = '', second] = parts
  if (parts.length === 1 && first === ANY) return () => true
  if (parts.every((part) => typeof part === 'string')) {
    const wanted = parts.join('')
    return (text) => text === wanted
  }
  if (parts.length === 2 && typeof first === 'string' && second === ANY) return (text) => text.startsWith(first)
  const codes = toCodes(parts)
  return (text) => matches(codes, text)
}

/** Characters as their codes, wildcards as numbers below zero. */
function toCodes(parts: readonly StaticPart[]): number[] {
  const codes: number[] = []
  for (const part of parts) {
    if (typeof part === 'number') codes.push(part)
    else for (let i = 0; i < part.length; i++) codes.push(part.charCodeAt(i))
  }
  return codes
}

/** On a mismatch only the latest `*` takes one more character: what an earlier one could take, it can take too. */
function matches(pattern: readonly number[], text: string): boolean {
  let at = 0
  let p = 0
  let star = -1
  let resume = 0
  while (at < text.length) {
    const wanted = pattern[p]
    if (wanted === ANY) {
      star = p++
      resume = at
    } else if (wanted === ONE || wanted === text.charCodeAt(at)) {
      p++
      at++
    } else if (star >= 0) {
      p = star + 1
      at = ++resume
    } else return false
  }
  while (pattern[p] === ANY) p++
  return p === pattern.length
}
