/** A document's text as YAML and as JSON. The order of members and the digits of numbers stay; comments have no place in JSON. */
import { type Document, isAlias, isMap, isScalar, isSeq, visit } from 'yaml'
import type { Format } from './form.ts'
import { readYaml } from './read-yaml.ts'

/** Undefined if the text cannot be read. */
export function converted(text: string, to: Format): string | undefined {
  if (text.trim() === '') return text
  const document = readYaml(text)
  if (document.errors.length > 0) return undefined
  return to === 'JSON' ? `${jsonOf(document.contents, document, '')}\n` : yamlOf(document)
}

/** Whether something would be lost on the way to JSON. */
export function hasComments(text: string): boolean {
  const document = readYaml(text)
  let found = Boolean(document.comment ?? document.commentBefore)
  visit(document, {
    Node: (_key, node) => {
      found ||= Boolean(node.comment ?? node.commentBefore)
    },
  })
  return found
}

function yamlOf(document: Document): string {
  visit(document, {
    Collection: (_key, node) => {
      node.flow = node.items.length === 0
    },
    Scalar: (key, node) => {
      if (typeof node.value !== 'string') return
      // As people write it: plain where that is the same, several lines as a block.
      if (key === 'key' || !node.value.includes('\n')) delete node.type
      else node.type = 'BLOCK_LITERAL'
    },
  })
  return document.toString({ lineWidth: 0 })
}

function jsonOf(node: unknown, document: Document, indent: string): string {
  const inner = `${indent}  `
  const lines = (open: string, items: readonly string[], close: string) =>
    items.length === 0 ? open + close : `${open}\n${items.map((item) => inner + item).join(',\n')}\n${indent}${close}`
  if (isAlias(node)) return jsonOf(node.resolve(document), document, indent)
  if (isMap(node)) {
    const members = node.items.map(
      ({ key, value }) => `${JSON.stringify(keyText(key))}: ${jsonOf(value, document, inner)}`,
    )
    return lines('{', members, '}')
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => jsonOf(item, document, inner))
    return lines('[', items, ']')
  }
  if (!isScalar(node)) return 'null'
  return typeof node.value === 'bigint' ? String(node.value) : (JSON.stringify(node.value) ?? 'null')
}

function keyText(key: unknown): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : String(key)
}
