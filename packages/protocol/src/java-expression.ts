/*
 * Java's regular expressions in JavaScript's words. Both write most things alike; what they do not is written anew here. What
 * JavaScript has no words for, such as possessive repetition or intersections of classes, is answered with undefined: another
 * meaning is worse than none.
 */

/** A piece that is the same whatever stands around it: escapes, openings of groups, repetitions, single characters. */
const PIECE =
  /\\Q([\s\S]*?)(?:\\E|$)|\\([pP])(?:\{(\w+)\}|([A-Z]))|\\x\{([0-9a-fA-F]{1,6})\}|\\0([0-3]?[0-7]{1,2})|\\([\s\S])|\(\?(?:[=!:]|<[=!]|<[a-zA-Z][a-zA-Z0-9]*>|[ims]+:)|(?:[*+?]|\{\d+(?:,\d*)?\})[+?]?|\[\^?\]?|&&|[\s\S]/uy

/** POSIX names, which are about ASCII in Java, as the content of a class. */
const POSIX: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7F',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1F\\x7F',
  XDigit: '0-9a-fA-F',
  Space: ' \\t\\n\\x0B\\f\\r',
}

const LINE_BREAK = '(?:\\r\\n|[\\n-\\r\\x85\\u2028\\u2029])'
const HORIZONTAL = ' \\t\\xA0\\u1680\\u180E\\u2000-\\u200A\\u202F\\u205F\\u3000'

/** Escapes outside of classes. */
const PLACES: Readonly<Record<string, string>> = {
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: `(?=${LINE_BREAK}?(?![\\s\\S]))`,
  R: LINE_BREAK,
  s: `[${POSIX.Space}]`,
  S: `[^${POSIX.Space}]`,
  h: `[${HORIZONTAL}]`,
  H: `[^${HORIZONTAL}]`,
}
const IN_CLASS: Readonly<Record<string, string>> = { s: POSIX.Space!, h: HORIZONTAL }
const CHARACTERS: Readonly<Record<string, string>> = { a: '\\x07', e: '\\x1B' }
/** Escapes that mean the same in both. */
const COMMON = /^[dDwWbBtnrfkuxc1-9]$/
const SYNTAX = /^[\^$\\.*+?()[\]{}|/]$/

/** The source of an expression for the flag `u`; undefined for one that JavaScript cannot say. */
export function fromJava(pattern: string): string | undefined {
  let source = ''
  let inClass = false
  PIECE.lastIndex = 0
  for (let match = PIECE.exec(pattern); match; match = PIECE.exec(pattern)) {
    const piece = inClass ? pieceOfClass(match) : pieceOutside(match)
    if (piece === undefined) return undefined
    source += piece
    if (!inClass && match[0].startsWith('[')) inClass = true
    else if (inClass && match[0] === ']') inClass = false
  }
  return inClass ? undefined : source
}

function pieceOutside(match: RegExpExecArray): string | undefined {
  const [piece, quoted, , , , , , escaped] = match
  if (quoted !== undefined) return [...quoted].map(literal).join('')
  if (escaped !== undefined && Object.hasOwn(PLACES, escaped)) return PLACES[escaped]
  const property = propertyOf(match, false)
  if (property !== undefined) return property
  if (piece.startsWith('\\')) return escapeOf(match, false)
  // «[]a]» is a class that begins with a bracket.
  if (piece.startsWith('[')) return piece.endsWith(']') ? `${piece.slice(0, -1)}\\]` : piece
  if (/^(?:[*+?]|\{.+\})\+$/.test(piece)) return undefined
  if (piece === '{') return undefined
  return piece === '}' || piece === ']' ? `\\${piece}` : piece
}

function pieceOfClass(match: RegExpExecArray): string | undefined {
  const [piece, quoted, , , , , , escaped] = match
  if (quoted !== undefined) return [...quoted].map(literalOfClass).join('')
  if (escaped !== undefined && Object.hasOwn(IN_CLASS, escaped)) return IN_CLASS[escaped]
  const property = propertyOf(match, true)
  if (property !== undefined) return property
  if (piece.startsWith('\\')) return escapeOf(match, true)
  // Java has classes in classes.
  if (piece.startsWith('[') || piece === '&&') return undefined
  return [...piece].map((one) => (/[(){}|/]/.test(one) ? `\\${one}` : one)).join('')
}

/** A named set of characters; undefined if the piece is none, or one that JavaScript does not know. */
function propertyOf([, , sign, long, short]: RegExpExecArray, inClass: boolean): string | undefined {
  const name = long ?? short
  if (sign === undefined || name === undefined) return undefined
  const posix = Object.hasOwn(POSIX, name) ? POSIX[name]! : undefined
  if (posix === undefined) {
    const known = [name, name.replace(/^Is/, ''), `Script=${name.replace(/^Is/, '')}`].find(isProperty)
    return known && `\\${sign}{${known}}`
  }
  if (!inClass) return `[${sign === 'P' ? '^' : ''}${posix}]`
  return sign === 'P' ? undefined : posix
}

function isProperty(name: string): boolean {
  try {
    return new RegExp(`\\p{${name}}`, 'u') !== undefined
  } catch {
    return false
  }
}

function escapeOf([piece, , sign, , , hex, octal, escaped]: RegExpExecArray, inClass: boolean): string | undefined {
  if (sign !== undefined) return undefined
  if (hex !== undefined) return `\\u{${hex}}`
  if (octal !== undefined) return `\\u{${Number.parseInt(octal, 8).toString(16)}}`
  if (escaped === undefined) return undefined
  if (COMMON.test(escaped)) return piece
  if (Object.hasOwn(CHARACTERS, escaped)) return CHARACTERS[escaped]
  // Java keeps letters for what it may want to say one day.
  if (/[a-zA-Z0-9]/.test(escaped)) return undefined
  return inClass ? literalOfClass(escaped) : literal(escaped)
}

function literal(character: string): string {
  return SYNTAX.test(character) ? `\\${character}` : character
}

function literalOfClass(character: string): string {
  return character === '-' ? '\\-' : literal(character)
}
