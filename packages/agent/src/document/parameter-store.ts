/*
 * `{{ssm:name}}` in inputs and in parameter values becomes the value of that parameter in Parameter Store. A secret is
 * refused: its value would end up in scripts and logs.
 */
import type { StoredParameter } from '#commands/journal-record.ts'
import { DocumentError } from '#document/document-error.ts'

/** Stored parameters by the text of the reference that names them, braces included. */
export type StoredParameters = { [reference: string]: StoredParameter }

/** Fetches parameters by `name` or `name:version`; names that do not exist are listed. */
export type GetParameters = (names: string[]) => Promise<{ found: StoredParameter[]; invalid: string[] }>

const referencePattern = /\{\{ *ssm:[/\w.:-]+ *\}\}/g
const namesPerCall = 10

/** Every reference in the input, each once. */
export function storeReferences(input: unknown): string[] {
  return [...new Set(JSON.stringify(input)?.match(referencePattern) ?? [])]
}

/** Fetches what the references name. Throws DocumentError when one is missing or secret. */
export async function fetchStored(references: string[], get: GetParameters): Promise<StoredParameters> {
  const names = [...new Set(references.map(nameIn))]
  const answers = []
  for (let i = 0; i < names.length; i += namesPerCall) answers.push(await get(names.slice(i, i + namesPerCall)))
  const found = answers.flatMap((answer) => answer.found)
  const invalid = answers.flatMap((answer) => answer.invalid)
  if (found.length !== names.length) throw new DocumentError(`Input contains invalid parameters [${invalid.join(' ')}]`)
  const secrets = found.filter(({ type }) => type === 'SecureString').map(({ name }) => name)
  if (secrets.length > 0) {
    throw new DocumentError(`Parameters [${secrets.join(' ')}] of type SecureString are not supported`)
  }
  return Object.fromEntries(references.map((reference) => [reference, storedFor(nameIn(reference), found)]))
}

function nameIn(reference: string): string {
  return /ssm:([/\w.:-]+)/.exec(reference)![1]!
}

function storedFor(name: string, found: StoredParameter[]): StoredParameter {
  const stored = found.find((parameter) => `${parameter.name}:${parameter.version}` === name || parameter.name === name)
  if (!stored) throw new DocumentError(`Input contains invalid parameters [${name}]`)
  return stored
}

/** A copy of the input with references replaced. A StringList may stand for elements of a list, not inside text. */
export function fillInStored(input: unknown, stored: StoredParameters): unknown {
  if (typeof input === 'string') return fillInText(input, stored)
  if (Array.isArray(input)) return input.flatMap((element) => listElements(element, stored))
  if (typeof input !== 'object' || input === null) return input
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, fillInStored(value, stored)]))
}

function listElements(element: unknown, stored: StoredParameters): unknown[] {
  const whole = typeof element === 'string' && Object.hasOwn(stored, element) ? stored[element] : undefined
  return whole?.type === 'StringList' ? whole.value.split(',') : [fillInStored(element, stored)]
}

function fillInText(text: string, stored: StoredParameters): string {
  return text.replace(referencePattern, (reference) => {
    const parameter = Object.hasOwn(stored, reference) ? stored[reference] : undefined
    if (!parameter) return reference
    if (parameter.type !== 'StringList') return parameter.value
    throw new DocumentError(`Parameter ${parameter.name} of type StringList cannot be used as a String`)
  })
}
