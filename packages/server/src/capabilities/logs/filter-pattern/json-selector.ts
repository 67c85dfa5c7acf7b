import { invalidPattern } from '../errors.ts'
import { parseCondition } from './condition.ts'
import type { Filter } from './filter-pattern.ts'

/** `{ $.member = "value" && … }` on messages that are JSON; others never match. Throws `InvalidParameterException`. */
export function parseJsonSelector(pattern: string): Filter {
  if (!pattern.endsWith('}')) throw invalidPattern()
  const { names, holds } = parseCondition(pattern.slice(1, -1))
  const paths = new Map(names.map((name) => [name, parsePath(name)]))
  const select = (message: unknown) => (name: string) => valuesAt(message, paths.get(name)!)
  return {
    matches: (message) => {
      const parsed = parsedJson(message)
      return parsed !== undefined && holds(select(parsed))
    },
    extract: (message) => {
      const parsed = parsedJson(message)
      if (parsed === undefined || !holds(select(parsed))) return undefined
      const values = names.map((name): [string, unknown] => [name, select(parsed)(name)[0]])
      return Object.fromEntries(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, asText(value)]])))
    },
  }
}

/** Members and indexes; `*` is all of them. */
function parsePath(name: string): string[] {
  if (!name.startsWith('$') || name === '$') throw invalidPattern()
  const steps = name.slice(1).matchAll(/\.([^.[\]]+)|\[(?:(\d+|\*)|'([^']*)'|"([^"]*)")\]/g)
  return [...steps].map(([, member, index, single, double]) => (member ?? index ?? single ?? double)!)
}

function valuesAt(from: unknown, path: readonly string[]): unknown[] {
  const [step, ...rest] = path
  if (step === undefined) return [from]
  if (typeof from !== 'object' || from === null) return []
  if (step === '*') return Object.values(from).flatMap((value) => valuesAt(value, rest))
  return Object.hasOwn(from, step) ? valuesAt((from as Record<string, unknown>)[step], rest) : []
}

/** Undefined for what is not an object or a list. */
function parsedJson(message: string): object | undefined {
  if (!/^\s*[{[]/.test(message)) return undefined
  try {
    return JSON.parse(message) as object
  } catch {
    return undefined
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
