/**
 * To EventBridge `{"a.b": 1}` and `{"a": {"b": 1}}` are the same, in events as in patterns. Objects of events are unfolded one level at
 * a time and only where a pattern looks, so that what nobody asks for costs nothing, however deep it is.
 */
import { isObject } from './match-expression.ts'

type Members = Readonly<Record<string, unknown>>

/** Of objects that have such names; there are few. */
const known = new WeakMap<Members, Members>()

/** The object, with what it has under `a.b` as `b` of what it has under `a`. */
export function unfolded(object: Members): Members {
  if (!Object.keys(object).some((name) => name.includes('.'))) return object
  const before = known.get(object)
  if (before) return before
  const made = unfold(object)
  known.set(object, made)
  return made
}

function unfold(object: Members): Members {
  const [dotted, plain] = partition(Object.entries(object), ([name]) => name.includes('.'))
  const members = new Map(plain)
  const paths = Map.groupBy(dotted, ([name]) => name.slice(0, name.indexOf('.')))
  for (const [first, entries] of paths) {
    const folded = Object.fromEntries(entries.map(([name, value]) => [name.slice(first.length + 1), value]))
    members.set(first, members.has(first) ? both(members.get(first), folded) : folded)
  }
  return Object.fromEntries(members)
}

function both(value: unknown, folded: Members): unknown {
  return isObject(value) ? { ...value, ...folded } : [value, folded].flat()
}

function partition<T>(all: readonly T[], is: (one: T) => boolean): [T[], T[]] {
  return [all.filter(is), all.filter((one) => !is(one))]
}
