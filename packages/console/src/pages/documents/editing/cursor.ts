/**
 * Where in a document the cursor stands, while the text around it may be half written. A mark is put in the place of the word at the
 * cursor, the text is read as YAML, of which JSON is a part and whose reader goes on after faults, and the mark is looked for.
 */
import type { JsonPath } from '@steward/protocol/document/index.ts'
import { type Document, isMap, isScalar, isSeq, type Node, visit } from 'yaml'
import { readYaml } from './read-yaml.ts'

export interface Cursor {
  /** `key`: a member of what is at the path; `value`: what is at the path; `reference`: within `{{ … }}`. */
  readonly kind: 'key' | 'value' | 'reference'
  readonly path: JsonPath
  /** The word at the cursor: what is written is put in its place. */
  readonly from: number
  readonly to: number
  /** The column at which the members of the same mapping begin. */
  readonly column: number
  /** Inside of quotes. */
  readonly quoted: boolean
  /** The name of a member that has its value already. */
  readonly hasValue: boolean
  /** The whole document, as far as it can be read. */
  readonly value: unknown
}

const MARK = 'x-cursor-x'
const REFERENCE = /\{\{\s*(\w*)$/

/** Undefined where nothing can be said: in comments, in the middle of a text, where the text makes no sense. */
export function cursorAt(text: string, at: number): Cursor | undefined {
  const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
  const reference = REFERENCE.exec(before)
  if (reference) {
    const from = at - reference[1]!.length
    const rest = { column: 0, quoted: false, hasValue: false }
    return { kind: 'reference', path: [], from, to: at, ...rest, value: plainValue(readYaml(text)) }
  }
  const after = /^[^\n]*/.exec(text.slice(at))![0]
  const { begin, end, quote, closed } = wordAt(before, after)
  const lead = before.slice(0, begin)
  const hasValue = /^["']?[ \t]*:(\s|$)/.test(after.slice(end))
  const mark =
    quote !== undefined ? MARK + (closed ? '' : quote) : bareMark(/^\s*[{[]/.test(text), isAlone(lead) && !hasValue)
  const [from, to] = [at - before.length + begin, at + end]
  const document = readYaml(text.slice(0, from) + mark + text.slice(to))
  const found = findMark(document)
  const column = /^\s*(- +)*/.exec(lead)![0].length
  return found && { ...found, from, to, column, quoted: quote !== undefined, hasValue, value: plainValue(document) }
}

/** A mark that the text around it can be read with: in a block, a word that is alone would run into the next line. */
function bareMark(isJson: boolean, alone: boolean): string {
  if (isJson) return `"${MARK}"`
  return alone ? `${MARK}: ` : MARK
}

function isAlone(lead: string): boolean {
  return /^\s*(- +)*$/.test(lead)
}

/** The word at the cursor: where it begins in the line before it, and ends in the line after it. */
function wordAt(before: string, after: string): { begin: number; end: number; quote?: string; closed?: boolean } {
  const opened = openQuote(before)
  const rest = /^[\w$.-]*(?::(?=\w)[\w$.-]*)*/.exec(after)![0].length
  if (opened !== undefined) {
    const inside = /^[^"']*(?=["'])/.exec(after)
    return { begin: opened + 1, end: inside?.[0].length ?? rest, quote: before[opened]!, closed: inside !== null }
  }
  // A dash alone begins an item.
  const begun = /[\w$:.-]*$/.exec(before)![0].replace(/^-$/, '')
  return { begin: before.length - begun.length, end: rest }
}

/** Where in the line the quotes begin that are open at its end. */
function openQuote(line: string): number | undefined {
  let open: number | undefined
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at]!
    if (open === undefined) {
      if ((character === '"' || character === "'") && /(^|[\s,:[{])$/.test(line.slice(0, at))) open = at
    } else if (character === '\\' && line[open] === '"') at += 1
    else if (character === line[open]) open = undefined
  }
  return open
}

function findMark(document: Document): { kind: 'key' | 'value'; path: JsonPath } | undefined {
  let found: { kind: 'key' | 'value'; path: JsonPath } | undefined
  visit(document, {
    Scalar(key, node, ancestors) {
      if (node.value !== MARK) return undefined
      const path = pathTo([...ancestors.slice(1), node] as Node[])
      found = key === 'key' ? { kind: 'key', path } : { kind: 'value', path }
      return visit.BREAK
    },
  })
  return found
}

/** The path of the last node; of a key, that of the mapping which it is in. */
function pathTo(nodes: readonly Node[]): JsonPath {
  return nodes.slice(0, -1).flatMap((node, index): (string | number)[] => {
    const next = nodes[index + 1]!
    if (isSeq(node)) return [node.items.indexOf(next)]
    if (!isMap(node)) return []
    const pair = node.items.find((one) => (one as unknown) === next)
    const inside = nodes[index + 2]
    return pair && inside === pair.value && isScalar(pair.key) ? [String(pair.key.value)] : []
  })
}

function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch {
    // Aliases that lead nowhere, or too many: nothing can be said of such a document.
    return undefined
  }
}

/** The member or item that stands at an offset; for hints. */
export function pathAt(
  text: string,
  at: number,
): { path: JsonPath; value: unknown; from: number; to: number } | undefined {
  const document = readYaml(text)
  let found: { path: JsonPath; from: number; to: number } | undefined
  visit(document, {
    Scalar(key, node, ancestors) {
      const [from, to] = node.range ?? [0, 0]
      if (at < from || at > to) return undefined
      const path = pathTo([...ancestors.slice(1), node] as Node[])
      found = { path: key === 'key' ? [...path, String(node.value)] : path, from, to }
      return visit.BREAK
    },
  })
  return found && { ...found, value: plainValue(document) }
}
