import { objectOr } from '#document/document.ts'
import { textOf } from '#document/parameter-references.ts'

/** A step's inputs by lower-case name: documents spell them in any case. */
export type Inputs = Map<string, unknown>

export function readInputs(inputs: unknown): Inputs {
  return new Map(Object.entries(objectOr(inputs)).map(([name, value]) => [name.toLowerCase(), value]))
}

/** A text input, trimmed of nothing; empty when it is absent. */
export function inputText(inputs: Inputs, name: string): string {
  const value = inputs.get(name.toLowerCase())
  return value == null ? '' : textOf(value)
}

/** A boolean input, given as such or as text. */
export function inputFlag(inputs: Inputs, name: string): boolean {
  return inputText(inputs, name).trim().toLowerCase() === 'true'
}

/** A map that may be given as JSON text. */
export function inputMap(inputs: Inputs, name: string): { [name: string]: unknown } {
  const value = inputs.get(name.toLowerCase())
  if (typeof value !== 'string') return objectOr(value)
  const parsed: unknown = value.trim() === '' ? {} : JSON.parse(value)
  return objectOr(parsed)
}
