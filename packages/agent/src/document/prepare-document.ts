import type { JsonObject } from '@steward/protocol'
import { compileForeign, matchesForeign } from '@steward/protocol/foreign-pattern.ts'
import { type Document, type DocumentStep, objectOr, parseDocument } from '#document/document.ts'
import { DocumentError } from '#document/document-error.ts'
import { fillIn, type ParameterValues, parameterValues, textOf } from '#document/parameter-references.ts'
import { fillInStored, type StoredParameters, storeReferences } from '#document/parameter-store.ts'

/** A document that is ready to run: nothing in its steps refers to parameters any more. */
export type PreparedDocument = {
  crossPlatform: boolean
  values: ParameterValues
  steps: DocumentStep[]
  /** `SSM_<name>` for parameters that ask to be passed that way. */
  environment: { [name: string]: string }
}

/** Parses a document and fills its parameters in; `fetchStored` answers for references to Parameter Store. */
export async function prepareDocument(
  content: JsonObject,
  parameters: JsonObject,
  fetchStored: (references: string[]) => Promise<StoredParameters>,
): Promise<PreparedDocument> {
  const document = parseDocument(content)
  const values = parameterValues(document, parameters)
  const inputs = document.steps.map((step) => fillInStep(step.inputs, values, environmentNames(document)))
  const references = storeReferences([inputs, values])
  const stored = references.length > 0 ? await fetchStored(references) : {}
  const storedValues = fillInStored(values, stored) as ParameterValues
  checkPatterns(document, storedValues)
  return {
    crossPlatform: document.crossPlatform,
    values,
    steps: document.steps.map((step, index) => ({ ...step, inputs: fillInStored(inputs[index], stored) })),
    environment: environmentOf(document, storedValues),
  }
}

/**
 * What comes by the environment is left as it is written where it would become part of a script: nothing in it is to be read as
 * code.
 */
function fillInStep(inputs: unknown, values: ParameterValues, apart: readonly string[]): unknown {
  const filled = fillIn(inputs, values)
  const script = objectOr(inputs).runCommand
  if (apart.length === 0 || script === undefined) return filled
  const inScripts = Object.fromEntries(Object.entries(values).filter(([name]) => !apart.includes(name)))
  return { ...objectOr(filled), runCommand: fillIn(script, inScripts) }
}

// Only the node knows what {{ssm:}} turned into, so allowedPattern is checked here once more.
function checkPatterns(document: Document, values: ParameterValues): void {
  for (const [name, { allowedPattern }] of Object.entries(document.parameters)) {
    if (allowedPattern === undefined || values[name] == null) continue
    const texts = Array.isArray(values[name]) ? values[name].map(textOf) : [textOf(values[name])]
    if (!texts.every((text) => matches(name, allowedPattern, text))) {
      throw new DocumentError(`Parameter ${name} does not match its allowedPattern ${allowedPattern}`)
    }
  }
}

function matches(name: string, allowedPattern: string, text: string): boolean {
  const expression = compileForeign(allowedPattern)
  if (!expression) {
    throw new DocumentError(
      `The allowedPattern ${allowedPattern} of parameter ${name} is none that can be checked here`,
    )
  }
  try {
    return matchesForeign(expression, text)
  } catch {
    throw new DocumentError(`The allowedPattern ${allowedPattern} of parameter ${name} takes too long to match`)
  }
}

function environmentNames({ parameters }: Document): string[] {
  return Object.keys(parameters).filter((name) => parameters[name]!.interpolationType === 'ENV_VAR')
}

function environmentOf(document: Document, values: ParameterValues): { [name: string]: string } {
  const entries = environmentNames(document).flatMap((name) =>
    values[name] == null ? [] : [[`SSM_${name}`, textOf(values[name])] as const],
  )
  return Object.fromEntries(entries)
}
