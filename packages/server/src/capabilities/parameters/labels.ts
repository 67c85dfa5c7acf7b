/** Labels are names for versions. Each is on one version of a parameter at a time, so they are kept with the parameter. */
import { tooManyLabels } from './errors.ts'

const PER_VERSION = 10

/** Label → version. */
export type Labels = Readonly<Record<string, number>>

/** Up to 100 characters, which the model checks; AWS refuses the others without an error (PS-07). */
export function isLabel(text: string): boolean {
  return /^[a-zA-Z0-9_.-]+$/.test(text) && !/^(?:\d|aws|ssm)/i.test(text)
}

/** The labels after putting some on a version, from whichever version they were on. Throws at the eleventh of a version. */
export function withLabels(labels: Labels, version: number, added: readonly string[]): Labels {
  const moved = { ...labels, ...Object.fromEntries(added.map((label) => [label, version])) }
  if (labelsOf(moved, version).length > PER_VERSION) throw tooManyLabels()
  return moved
}

export function withoutLabels(labels: Labels, removed: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => !removed.includes(label)))
}

/** Those of one version, in order. */
export function labelsOf(labels: Labels, version: number): string[] {
  return Object.keys(labels)
    .filter((label) => labels[label] === version)
    .sort()
}
