/**
 * YAML 1.2 in and out. Anchors are resolved while reading, and both depth and the number of resulting values are
 * bounded, so that a few lines of nested aliases cannot become gigabytes.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  visit,
  Document as YamlDocument,
} from 'yaml'
import { ApiError } from '#kernel/api-error.ts'
import { positionAt } from '#kernel/text-position.ts'
import { notWellFormed, tooComplex } from './errors.ts'
import { MAX_DEPTH, MAX_NODES, numberOf, type ReadText, type Tree, type TreeMap } from './tree.ts'

/** Reads one YAML document; anything else is `InvalidDocumentContent`. */
export function readYaml(text: string): ReadText {
  const document = parse(text)
  const starts = new WeakMap<TreeMap, number>()
  const root = new YamlReader(text, starts).tree(document.contents, 0)
  return {
    root,
    placeOf(map) {
      const offset = starts.get(map)
      return offset === undefined ? undefined : positionAt(text, offset)
    },
  }
}

function parse(text: string): Document {
  try {
    // AWS lets a repeated key win over the earlier one, in both formats.
    const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error' })
    const error = document.errors[0]
    if (error) throw notWellFormed('YAML', positionAt(text, error.pos[0]))
    return document
  } catch (error) {
    if (error instanceof ApiError) throw error
    // The parser recurses; text made of nothing but brackets ends its stack.
    throw tooComplex(positionAt(text, 0))
  }
}

class YamlReader {
  readonly #text: string
  readonly #starts: WeakMap<TreeMap, number>
  readonly #anchors = new Map<string, Node>()
  #nodes = 0

  constructor(text: string, starts: WeakMap<TreeMap, number>) {
    this.#text = text
    this.#starts = starts
  }

  tree(node: Node | null, depth: number): Tree {
    if (depth > MAX_DEPTH || ++this.#nodes > MAX_NODES) throw tooComplex(this.#placeOf(node))
    if (isAlias(node)) return this.tree(this.#anchored(node), depth + 1)
    // Kept here because the library looks through the whole document for each alias.
    if (node?.anchor) this.#anchors.set(node.anchor, node)
    if (isMap<Node | null, Node | null>(node)) {
      const map: TreeMap = new Map()
      for (const { key, value } of node.items) map.set(this.#key(key), this.tree(value, depth + 1))
      this.#starts.set(map, node.range?.[0] ?? 0)
      return map
    }
    if (isSeq<Node | null>(node)) return node.items.map((item) => this.tree(item, depth + 1))
    return isScalar(node) ? scalar(node.value, node.source) : null
  }

  #key(key: Node | null): string {
    const node = isAlias(key) ? this.#anchored(key) : key
    if (node === null) return ''
    if (!isScalar(node)) throw notWellFormed('YAML', this.#placeOf(key))
    return node.source ?? String(node.value)
  }

  #anchored(alias: Alias): Node {
    const node = this.#anchors.get(alias.source)
    if (!node) throw notWellFormed('YAML', this.#placeOf(alias))
    return node
  }

  #placeOf(node: Node | null) {
    return positionAt(this.#text, node?.range?.[0] ?? 0)
  }
}

function scalar(value: unknown, source: string | undefined): Tree {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  // `.inf` and `.nan` have no JSON form; they stay the text they were.
  if (typeof value === 'number' && Number.isFinite(value)) return numberOf(source ?? String(value))
  return source ?? String(value)
}

/** Characters that YAML allows in escapes only, or that older readers of it, most of those in use, take for ends of lines. */
const TO_ESCAPE = /[\x7f-\x9f\u2028\u2029\ufeff]/

/** YAML as AWS writes it: it begins with `---`, quotes every string, and does not indent lists (DOC-22). */
export function writeYaml(tree: Tree): string {
  const document = new YamlDocument(tree, { aliasDuplicateObjects: false })
  document.directives!.docStart = true
  // Only what is quoted can have escapes, and keys are plain if they can be.
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && TO_ESCAPE.test(String(key.value))) key.type = 'QUOTE_DOUBLE'
    },
  })
  const text = document.toString({
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    indentSeq: false,
    lineWidth: 0,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  })
  return text.replaceAll(new RegExp(TO_ESCAPE, 'g'), escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
