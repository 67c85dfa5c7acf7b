/**
 * What stored contents say, remembered: a popular document is run thousands of times a second. The key is everything that
 * the reading depends on, so an entry can never be wrong; the bound is on text, which is what takes the memory.
 */
import { agentContent, type DocumentContent, documentContent } from './content.ts'
import type { DocumentFormat, DocumentType } from './document.ts'

const MAX_CHARACTERS = 2 * 1024 * 1024

interface Parsed {
  readonly content: DocumentContent
  /** The content as a JSON object for agents; empty for contents that are none. */
  readonly agentContent: object
}

const remembered = new Map<string, Parsed & { characters: number }>()
let characters = 0

/** The checked content of a stored version. The answer is shared: nobody may change it. */
export function parsedContent(
  type: DocumentType,
  { format, text, hash }: { format: DocumentFormat; text: string; hash: string },
): Parsed {
  const key = `${type} ${format} ${hash}`
  const known = remembered.get(key)
  if (known) return known
  const parsed = { content: documentContent(type, format, text), agentContent: forAgents(format, text) }
  remember(key, { ...parsed, characters: text.length })
  return parsed
}

function forAgents(format: DocumentFormat, text: string): object {
  if (format === 'TEXT') return {}
  const parsed: unknown = JSON.parse(agentContent(text, format))
  return typeof parsed === 'object' && parsed !== null ? parsed : {}
}

function remember(key: string, parsed: Parsed & { characters: number }): void {
  remembered.set(key, parsed)
  characters += parsed.characters
  for (const [oldest, { characters: freed }] of remembered) {
    if (characters <= MAX_CHARACTERS) return
    remembered.delete(oldest)
    characters -= freed
  }
}
