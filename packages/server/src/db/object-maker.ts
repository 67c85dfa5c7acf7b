/** Values, one for each member, to an object. */
export type ObjectMaker = (values: readonly unknown[]) => Record<string, unknown>

const MOST_KNOWN = 1024
const known = new Map<string, ObjectMaker>()

/**
 * Makes objects with these members, whose values come in the same order. They are made by a literal, because V8 gives those one layout.
 * An object that gets its members one by one, under names that only the running program knows, is soon a table of names to it: it takes
 * three times as long to copy, and four times as long to write as JSON.
 */
export function objectMaker(names: readonly string[]): ObjectMaker {
  const members = names.map((name, index) => `${JSON.stringify(name)}: values[${index}]`).join(', ')
  const made = known.get(members)
  if (made) return made
  if (known.size >= MOST_KNOWN) known.clear()
  const make = new Function('values', `return { ${members} }`) as ObjectMaker
  known.set(members, make)
  return make
}
