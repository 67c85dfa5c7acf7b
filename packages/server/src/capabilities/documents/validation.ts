/** Everything that is wrong with a content, with its place: what an author wants to know before storing it (DOC-20). Pure. */
import { documentSchema, type SchemaProblem, schemaProblems } from '@steward/protocol/document/index.ts'
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { ApiError } from '#kernel/api-error.ts'
import { type DocumentContent, documentContent } from './content.ts'
import { type ContentPath, pathOf } from './content-path.ts'
import type { DocumentFormat, DocumentType } from './document.ts'
import { MAX_DEPTH } from './tree.ts'

export interface Problem {
  /** With an error the content cannot be stored; with a warning it may not do what its author thinks. */
  readonly severity: 'Error' | 'Warning'
  /** The code with which the content would be refused; warnings have none. */
  readonly code?: string
  readonly message: string
  readonly path: ContentPath
  readonly place?: Place
}

/** Lines and columns from 1; the end is exclusive. */
export interface Place {
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

export interface Validation {
  /** Undefined if the content cannot be stored. */
  readonly content: DocumentContent | undefined
  readonly problems: readonly Problem[]
}

/** Reads and checks a content as storing it would, and holds it against the schema of its type as well. */
export function validateContent(type: DocumentType, format: DocumentFormat, text: string): Validation {
  const checked = tryContent(type, format, text)
  const refusal = checked instanceof ApiError ? checked : undefined
  const content = checked instanceof ApiError ? undefined : checked
  if (
    format === 'TEXT' ||
    (refusal && ABOUT_THE_TEXT.test(refusal.message)) ||
    refusal?.code === 'MaxDocumentSizeExceeded'
  )
    return { content, problems: refusal ? [asError(refusal, [], undefined)] : [] }

  const places = new Places(text)
  const path = refusal && (pathOf(refusal) ?? [])
  const error = refusal && asError(refusal, path!, places.of(path!))
  const warnings = schemaProblemsOf(type, places.value)
    .filter((problem) => !error || !isSame(problem, error.path))
    .map((problem) => asWarning(problem, places))
  return { content, problems: error ? [error, ...warnings] : warnings }
}

/** Sentences about text that cannot be read at all; they name the place themselves. */
const ABOUT_THE_TEXT = /not well-formed|nested too deeply/

function tryContent(type: DocumentType, format: DocumentFormat, text: string): DocumentContent | ApiError {
  try {
    return documentContent(type, format, text)
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}

function asError(refusal: ApiError, path: ContentPath, place: Place | undefined): Problem {
  const said = / at Line: (\d+), Column: (\d+)$/.exec(refusal.message)
  const [line, column] = said ? [Number(said[1]), Number(said[2])] : []
  const named = line && column ? { line, column, endLine: line, endColumn: column + 1 } : undefined
  // The path says more than AWS's position, which is often the end of a mapping.
  return { severity: 'Error', code: refusal.code, message: refusal.message, path, ...withPlace(place ?? named) }
}

function asWarning({ path, message }: SchemaProblem, places: Places): Problem {
  return { severity: 'Warning', message, path, ...withPlace(places.of(path)) }
}

function withPlace(place: Place | undefined): { place: Place } | undefined {
  return place && { place }
}

function schemaProblemsOf(type: DocumentType, value: unknown): SchemaProblem[] {
  const stated = (value as { schemaVersion?: unknown } | null)?.schemaVersion
  const schema = documentSchema(type, String(stated)) ?? documentSchema(type)
  return schema ? schemaProblems(schema, value) : []
}

/** Whether a warning is about what the error is about already. */
function isSame({ path, missing }: SchemaProblem, of: ContentPath): boolean {
  const same = (one: ContentPath) => JSON.stringify(one) === JSON.stringify(of)
  return same(path) || (missing !== undefined && same([...path, missing]))
}

/** A content as a plain value, with the places of what is in it. JSON is read as YAML, of which it is a part. */
class Places {
  readonly value: unknown
  readonly #root: Node | null
  readonly #lines = new LineCounter()

  constructor(text: string) {
    const document = parseDocument(text, {
      prettyErrors: false,
      uniqueKeys: false,
      lineCounter: this.#lines,
      logLevel: 'error',
    })
    this.#root = document.contents
    this.value = plain(document.contents, 0)
  }

  /** Where the name of a member or an item stands; the nearest thing around it that is there. */
  of(path: ContentPath): Place | undefined {
    let node: Node | null = this.#root
    let found = path.length === 0 ? firstKey(node) : undefined
    for (const step of path) {
      if (isMap<Node, Node | null>(node)) {
        const pair: { key: Node; value: Node | null } | undefined = node.items.find(
          ({ key }) => keyText(key) === String(step),
        )
        if (!pair) break
        found = pair.key
        node = pair.value
      } else if (isSeq<Node | null>(node)) {
        node = node.items[Number(step)] ?? null
        found = firstKey(node) ?? found
      } else break
    }
    return found?.range ? this.#place(found.range[0], found.range[1]) : undefined
  }

  #place(from: number, to: number): Place {
    const start = this.#lines.linePos(from)
    const end = this.#lines.linePos(to)
    return { line: start.line, column: start.col, endLine: end.line, endColumn: end.col }
  }
}

/** What to point at for a whole node: the first key of a mapping, since a mapping may be a whole screen. */
function firstKey(node: Node | null): Node | undefined {
  if (isMap<Node>(node)) return node.items[0]?.key ?? node
  return node ?? undefined
}

function keyText(key: Node): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : ''
}

/** Aliases stay what nobody checks: where they lead was checked already. */
function plain(node: Node | null, depth: number): unknown {
  if (depth > MAX_DEPTH || isAlias(node)) return '{{ }}'
  if (isMap<Node, Node | null>(node))
    return Object.fromEntries(node.items.map(({ key, value }) => [keyText(key), plain(value, depth + 1)]))
  if (isSeq<Node | null>(node)) return node.items.map((item) => plain(item, depth + 1))
  return isScalar(node) ? node.value : null
}
