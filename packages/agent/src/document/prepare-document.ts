import type { JsonObject } from '@steward/protocol'
import { type Document, type DocumentStep, parseDocument } from '#document/document.ts'
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
  const inputs = document.steps.map((step) => fillIn(step.inputs, values))
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

// Only the node knows what {{ssm:}} turned into, so allowedPattern is checked here once more.
function checkPatterns(document: Document, values: ParameterValues): void {
  for (const [name, { allowedPattern }] of Object.entries(document.parameters)) {
    if (allowedPattern === undefined || values[name] == null) continue
    const texts = Array.isArray(values[name]) ? values[name].map(textOf) : [textOf(values[name])]
    if (!texts.every((text) => new RegExp(allowedPattern).test(text))) {
      throw new DocumentError(`Parameter ${name} does not match its allowedPattern ${allowedPattern}`)
    }
  }
}

function environmentOf(document: Document, values: ParameterValues): { [name: string]: string } {
  const asked = Object.entries(document.parameters).filter(
    ([, { interpolationType }]) => interpolationType === 'ENV_VAR',
  )
  const entries = asked.flatMap(([name]) =>
    values[name] == null ? [] : [[`SSM_${name}`, textOf(values[name])] as const],
  )
  return Object.fromEntries(entries)
}
