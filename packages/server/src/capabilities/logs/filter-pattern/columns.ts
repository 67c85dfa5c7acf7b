import { invalidPattern } from '../errors.ts'
import { type Condition, parseCondition } from './condition.ts'
import type { Filter } from './filter-pattern.ts'

interface Column {
  readonly name: string
  /** Undefined where any value will do. */
  readonly condition: Condition | undefined
}

/**
 * `[ip, user, status = 4*, ...]` on messages of columns between blanks; what stands in quotes or brackets is one column. A message must
 * have as many as the pattern, of which `...` stands for any number. Throws `InvalidParameterException`.
 */
export function parseColumns(pattern: string): Filter {
  if (!pattern.endsWith(']')) throw invalidPattern()
  const parts = splitColumns(pattern.slice(1, -1))
  const gap = parts.indexOf('...')
  if (gap !== parts.lastIndexOf('...')) throw invalidPattern()
  const columns = parts.map((part, index) => (index === gap ? undefined : parseColumn(part, index)))
  const fieldsOf = (message: string) => assigned(columns, gap, splitMessage(message))
  return {
    matches: (message) => fieldsOf(message) !== undefined,
    extract: (message) => {
      const fields = fieldsOf(message)
      return fields && Object.fromEntries([...fields].map(([name, field]) => [`$${name}`, field]))
    },
  }
}

/** At commas outside of quotes, expressions and parentheses. */
function splitColumns(text: string): string[] {
  const parts = ['']
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|%[^%]*%|./gs)) {
    if (token === ',') parts.push('')
    else parts[parts.length - 1] += token
  }
  return parts.map((part) => part.trim())
}

function parseColumn(part: string, index: number): Column {
  if (part === '') return { name: String(index + 1), condition: undefined }
  if (/^[\w-]+$/.test(part)) return { name: part, condition: undefined }
  const condition = parseCondition(part)
  const [name, ...others] = condition.names
  if (name === undefined || others.length > 0 || name.startsWith('$')) throw invalidPattern()
  return { name, condition }
}

/** The fields by column; undefined if they are too many or too few, or not what a column asks for. */
function assigned(
  columns: readonly (Column | undefined)[],
  gap: number,
  fields: readonly string[],
): Map<string, string> | undefined {
  const more = fields.length - (gap < 0 ? columns.length : columns.length - 1)
  if (more < 0 || (gap < 0 && more > 0)) return undefined
  const found = new Map<string, string>()
  for (const [index, column] of columns.entries()) {
    if (!column) continue
    const field = fields[gap >= 0 && index > gap ? index - 1 + more : index]!
    if (column.condition && !column.condition.holds(() => [field])) return undefined
    found.set(column.name, field)
  }
  return found
}

function splitMessage(message: string): string[] {
  const fields = message.matchAll(/"((?:[^"\\]|\\.)*)"|\[([^\]]*)\]|(\S+)/g)
  return [...fields].map(([, quoted, bracketed, word]) => (quoted ?? bracketed ?? word)!)
}
