/**
 * A strict JSON reader and the two writers. JSON.parse does not do: it moves number-like keys, and its errors name a
 * position only sometimes. Errors point where AWS's do: at the end of the text when it stops early, behind a word that is
 * none, else at the character that cannot be there.
 */
import { JsonScanner } from '#kernel/json-scanner.ts'
import { type Position, positionAt } from '#kernel/text-position.ts'
import { notWellFormed, tooComplex } from './errors.ts'
import { MAX_DEPTH, numberOf, type ReadText, type Tree, type TreeMap } from './tree.ts'

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])/y
const WORD = /[\w$]+/y

const WORDS: Readonly<Record<string, Tree>> = { true: true, false: false, null: null }

/** Reads one JSON value; anything else is `InvalidDocumentContent`. */
export function readJson(text: string): ReadText {
  const reader = new JsonReader(text)
  const root = reader.document()
  return { root, placeOf: (map) => reader.placeOf(map) }
}

class JsonReader extends JsonScanner {
  readonly #braces = new WeakMap<TreeMap, number>()

  placeOf(map: TreeMap): Position | undefined {
    const offset = this.#braces.get(map)
    return offset === undefined ? undefined : positionAt(this.text, offset)
  }

  document(): Tree {
    const root = this.#value(0)
    if (this.peek() !== undefined) throw this.fault()
    return root
  }

  protected fault(): Error {
    return notWellFormed('JSON', positionAt(this.text, this.at))
  }

  #value(depth: number): Tree {
    if (depth > MAX_DEPTH) throw tooComplex(positionAt(this.text, this.at))
    const first = this.peek()
    if (first === '{') return this.#map(depth)
    if (first === '[') return this.#list(depth)
    if (first === '"') return this.string()
    return this.#number() ?? this.#word()
  }

  #map(depth: number): TreeMap {
    const map: TreeMap = new Map()
    this.within('}', () => map.set(this.name(), this.#value(depth + 1)))
    this.#braces.set(map, this.at - 1)
    return map
  }

  #list(depth: number): Tree[] {
    const list: Tree[] = []
    this.within(']', () => list.push(this.#value(depth + 1)))
    return list
  }

  #number(): number | string | undefined {
    const literal = this.take(NUMBER)
    if (literal === undefined) return undefined
    if (!Number.isFinite(Number(literal))) throw this.fault()
    return numberOf(literal)
  }

  #word(): Tree {
    const word = this.take(WORD)
    if (word === undefined || !Object.hasOwn(WORDS, word)) throw this.fault()
    return WORDS[word]!
  }
}

/** JSON without a needless space. */
export function writeJson(tree: Tree): string {
  if (tree instanceof Map) {
    const members = [...tree].map(([key, value]) => `${JSON.stringify(key)}:${writeJson(value)}`)
    return `{${members.join(',')}}`
  }
  if (Array.isArray(tree)) return `[${tree.map(writeJson).join(',')}]`
  return JSON.stringify(tree)
}

/** JSON laid out as AWS answers for documents that were written in YAML (DOC-22). */
export function writePrettyJson(tree: Tree, indent = ''): string {
  if (tree instanceof Map) {
    if (tree.size === 0) return '{ }'
    const inner = `${indent}  `
    const members = [...tree].map(([key, value]) => `${inner}${JSON.stringify(key)} : ${writePrettyJson(value, inner)}`)
    return `{\n${members.join(',\n')}\n${indent}}`
  }
  if (Array.isArray(tree)) {
    return tree.length === 0 ? '[ ]' : `[ ${tree.map((item) => writePrettyJson(item, indent)).join(', ')} ]`
  }
  return JSON.stringify(tree)
}
