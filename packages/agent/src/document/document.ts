import type { JsonObject } from '@steward/protocol'
import { DocumentError } from '#document/document-error.ts'

/** A step as the document has it, before parameters are filled in. */
export type DocumentStep = {
  /** The key of its result: the step's name, or the plugin's in schema 1.x. */
  name: string
  plugin: string
  /** `inputs` of a 2.x step; `properties` of a 1.x plugin, possibly a list. */
  inputs: unknown
  precondition: { [operator: string]: unknown }
}

export type ParameterDefinition = {
  type: string
  default: unknown
  allowedPattern: string | undefined
  interpolationType: string | undefined
}

export type Document = {
  schemaVersion: string
  /** From 2.2 on: preconditions are evaluated, and a step that does not fit the platform is skipped, not failed. */
  crossPlatform: boolean
  parameters: { [name: string]: ParameterDefinition }
  steps: DocumentStep[]
}

/** Reads a Command document of schema 1.0, 1.2, 2.0.x or 2.2; throws DocumentError for anything else. */
export function parseDocument(content: JsonObject): Document {
  const schemaVersion = String(content.schemaVersion ?? '')
  if (schemaVersion === '1.0' || schemaVersion === '1.2') return document(content, schemaVersion, runtimeSteps(content))
  if (['2.0', '2.0.1', '2.0.2', '2.0.3', '2.2'].includes(schemaVersion)) {
    return document(content, schemaVersion, mainSteps(content))
  }
  throw new DocumentError(
    `Document with schema version ${schemaVersion} is not supported by this version of ssm agent, please update to latest version`,
  )
}

function document(content: JsonObject, schemaVersion: string, steps: DocumentStep[]): Document {
  if (steps.length === 0) throw new DocumentError('Unsupported schema format')
  const parameters = Object.entries(objectOr(content.parameters)).map(([name, definition]) => [
    name,
    parameterDefinition(objectOr(definition)),
  ])
  return { schemaVersion, crossPlatform: schemaVersion === '2.2', parameters: Object.fromEntries(parameters), steps }
}

function parameterDefinition(from: JsonObject): ParameterDefinition {
  return {
    type: String(from.type ?? 'String'),
    default: from.default,
    allowedPattern: typeof from.allowedPattern === 'string' ? from.allowedPattern : undefined,
    interpolationType: typeof from.interpolationType === 'string' ? from.interpolationType : undefined,
  }
}

function runtimeSteps(content: JsonObject): DocumentStep[] {
  return Object.entries(objectOr(content.runtimeConfig)).map(([plugin, configuration]) => ({
    name: plugin,
    plugin,
    inputs: objectOr(configuration).properties,
    precondition: {},
  }))
}

function mainSteps(content: JsonObject): DocumentStep[] {
  const steps = Array.isArray(content.mainSteps) ? content.mainSteps : []
  return steps.map((step: unknown) => {
    const { action, name, inputs, precondition } = objectOr(step)
    if (typeof action !== 'string' || typeof name !== 'string' || name === '') {
      throw new DocumentError('A main step must have a name and an action')
    }
    return { name, plugin: action, inputs, precondition: objectOr(precondition) }
  })
}

/** The value when it is a JSON object, else an empty one: Amazon's agent reads missing and null members so. */
export function objectOr(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}
