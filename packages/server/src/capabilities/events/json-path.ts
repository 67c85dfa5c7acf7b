/** The paths that rules use to pick parts of an event: `$`, `$.detail.state`, `$.resources[0]`, `$['detail-type']`, `$.list[*].id`. */

type Step = string | number | '*'

/** Reads a path; undefined if it is none. */
export function parsePath(path: string): readonly Step[] | undefined {
  if (!path.startsWith('$')) return undefined
  const steps: Step[] = []
  const step = /\.([^.[\]'"*\s]+)|\.(\*)|\[(\d+)\]|\[(\*)\]|\['([^']+)'\]|\["([^"]+)"\]/y
  step.lastIndex = 1
  while (step.lastIndex < path.length) {
    const match = step.exec(path)
    if (!match) return undefined
    const [, name, any, index, anyIndex, quoted, doubleQuoted] = match
    if (index !== undefined) steps.push(Number(index))
    else steps.push(name ?? any ?? anyIndex ?? quoted ?? doubleQuoted!)
  }
  return steps
}

/** What is at the path; undefined if nothing is. A path with `*` gives a list. */
export function valueAt(value: unknown, path: string): unknown {
  const steps = parsePath(path) ?? []
  const found = steps.reduce<unknown[]>((values, step) => values.flatMap((one) => next(one, step)), [value])
  return steps.includes('*') ? found : found[0]
}

function next(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return []
  if (step === '*') return Object.values(value)
  if (typeof step === 'number') return Array.isArray(value) && step < value.length ? [value[step]] : []
  return Object.hasOwn(value, step) ? [(value as Record<string, unknown>)[step]] : []
}
