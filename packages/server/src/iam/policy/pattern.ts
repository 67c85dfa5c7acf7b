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
  if (parts.length === 1 && parts[0] === ANY) return () => true
  if (parts.includes(ONE)) {
    return (text, context) => {
      const resolved = resolveParts(parts, context)
      return resolved !== undefined && matches(toCodes(resolved), text)
    }
  }
  const pieces = piecesOf(parts)
  if (pieces.every((piece) => typeof piece === 'string')) return (text) => inOrder(pieces, text)
  // Most texts do not match whatever the variables stand for; that is found out without looking them up.
  const whatever = piecesOf(parts.map((part) => (typeof part === 'object' ? ANY : part))) as string[]
  return (text, context) => {
    if (!inOrder(whatever, text)) return false
    const resolved = resolvePieces(pieces, context)
    return resolved !== undefined && inOrder(resolved, text)
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
  /** As written, and as the context knows it. */
  readonly variable: string
  readonly key: string
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
    else if (variable !== undefined) parts.push({ variable, key: variable.toLowerCase(), otherwise })
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
      const value = context.get(part.key) ?? part.otherwise
      if (typeof value !== 'string') return undefined
      resolved.push(value)
    }
  }
  return resolved
}

/** What stands before, between and after the `*` of a pattern without `?`: a text, or texts and variables. */
type Piece = string | readonly (string | Variable)[]

function piecesOf(parts: readonly (StaticPart | Variable)[]): Piece[] {
  const pieces: (string | Variable)[][] = [[]]
  for (const part of parts) {
    if (part === ANY) pieces.push([])
    else pieces.at(-1)!.push(part as string | Variable)
  }
  return pieces.map((piece) => (piece.every((part) => typeof part === 'string') ? piece.join('') : piece))
}

function resolvePieces(pieces: readonly Piece[], context: RequestContext): string[] | undefined {
  const resolved: string[] = []
  for (const piece of pieces) {
    const text = typeof piece === 'string' ? piece : resolveParts(piece, context)?.join('')
    if (text === undefined) return undefined
    resolved.push(text)
  }
  return resolved
}

/** Whether the text begins with the first piece, ends with the last, and has the others in between, in order. */
function inOrder(pieces: readonly string[], text: string): boolean {
  const first = pieces[0]!
  if (pieces.length === 1) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  const last = pieces[pieces.length - 1]!
  for (let i = 1; i < pieces.length - 1; i++) {
    const found = text.indexOf(pieces[i]!, at)
    if (found < 0) return false
    at = found + pieces[i]!.length
  }
  return text.length - last.length >= at && text.endsWith(last)
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
