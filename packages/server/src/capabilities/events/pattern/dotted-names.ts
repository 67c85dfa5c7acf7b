/**
 * To EventBridge `{"a.b": 1}` and `{"a": {"b": 1}}` are the same, in events as in patterns. Objects of events are unfolded one level at
 * a time and only where a pattern looks, so that what nobody asks for costs nothing, however deep it is.
 */
import { isObject } from './match-expression.ts'

type Members = Readonly<Record<string, unknown>>

const known = new WeakMap<Members, Members>()

/** The object, with what it has under `a.b` as `b` of what it has under `a`. */
export function unfolded(object: Members): Members {
  const before = known.get(object)
  if (before) return before
  const made = Object.keys(object).some((name) => name.includes('.')) ? unfold(object) : object
  known.set(object, made)
  return made
}

function unfold(object: Members): Members {
  const members = new Map<string, unknown>()
  for (const [name, value] of Object.entries(object)) {
    const dot = name.indexOf('.')
    const [first, one] = dot < 0 ? [name, value] : [name.slice(0, dot), { [name.slice(dot + 1)]: value }]
    members.set(first, members.has(first) ? both(members.get(first), one) : one)
  }
  return Object.fromEntries(members)
}

function both(one: unknown, other: unknown): unknown {
  return isObject(one) && isObject(other) ? { ...one, ...other } : [one, other].flat()
}
