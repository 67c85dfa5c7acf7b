import { within } from './content-path.ts'
import type { DocumentType } from './document.ts'
import {
  duplicateStepNames,
  invalidInDocument,
  invalidInStep,
  invalidStepName,
  missingInDocument,
  missingInStep,
  preconditionNotSupported,
  unknownPlugin,
  unknownPreconditionOperator,
  unknownProperty,
  unrecognizedPrecondition,
} from './errors.ts'
import { declaredParameters, type ParameterDeclaration } from './parameter-declaration.ts'
import { PLATFORM_TYPES, type PlatformType, pluginPlatforms } from './plugins.ts'
import { hasReference, requireDeclared, requireDeclaredIn } from './references.ts'
import { isMap, type ReadText, type Tree, type TreeMap } from './tree.ts'

/** A part of a Command document that reports for itself (DOC-05a). */
export interface Step {
  /** The step's name; in schema 1.2 the plugin's name. */
  readonly name: string
  readonly plugin: string
  /** One mapping of inputs; in schema 1.2 each of the plugin's property objects. */
  readonly inputs: readonly TreeMap[]
  /** Where it can run: the plugin's platforms within those of its precondition. */
  readonly platformTypes: readonly PlatformType[]
}

export interface CommandContent {
  readonly parameters: readonly ParameterDeclaration[] | undefined
  readonly steps: readonly Step[]
  readonly platformTypes: readonly PlatformType[]
}

const STEP_NAME = /^[a-zA-Z0-9_]+$/

/** Checks the content of a Command or Policy document, whose schema version is already known to be one of theirs. */
export function commandContent(
  type: DocumentType,
  schemaVersion: string,
  root: TreeMap,
  text: ReadText,
): CommandContent {
  const body = schemaVersion === '1.2' ? 'runtimeConfig' : 'mainSteps'
  for (const key of root.keys()) {
    within([key], () => {
      if (!['schemaVersion', 'description', 'parameters', body].includes(key)) throw unknownProperty(key)
    })
  }
  const parameters = declaredParameters(type, root, text)
  const steps = body === 'runtimeConfig' ? runtimeSteps(root, parameters) : mainSteps(schemaVersion, root, parameters)
  const platforms = new Set(steps.flatMap((step) => step.platformTypes))
  return { parameters, steps, platformTypes: PLATFORM_TYPES.filter((platform) => platforms.has(platform)) }
}

// ---------------------------------------------------------------------------------------------------------------------
// Schema 1.2

function runtimeSteps(root: TreeMap, parameters: readonly ParameterDeclaration[] | undefined): Step[] {
  const config = root.get('runtimeConfig')
  if (config !== undefined && !isMap(config)) throw invalidInDocument('runtimeConfig')
  if (!config?.size) throw missingInDocument('runtimeConfig')
  return [...config].map(([plugin, entry]) =>
    within(['runtimeConfig', plugin], () => runtimeStep(plugin, entry, parameters)),
  )
}

function runtimeStep(plugin: string, entry: Tree, parameters: readonly ParameterDeclaration[] | undefined): Step {
  const platformTypes = pluginPlatforms(plugin)
  if (!platformTypes) throw unknownPlugin(plugin)
  requireDeclared(parameters, [entry])
  const properties = isMap(entry) ? entry.get('properties') : undefined
  return { name: plugin, plugin, inputs: [properties].flat().filter(isMap), platformTypes }
}

// ---------------------------------------------------------------------------------------------------------------------
// Schema 2.x

function mainSteps(
  schemaVersion: string,
  root: TreeMap,
  parameters: readonly ParameterDeclaration[] | undefined,
): Step[] {
  const list = root.get('mainSteps')
  if (list !== undefined && !Array.isArray(list)) throw invalidInDocument('mainSteps')
  if (!list?.length) throw missingInDocument('mainSteps')
  const steps = list.map((step, index) =>
    within(['mainSteps', index], () => {
      if (!isMap(step)) throw invalidInDocument('mainSteps')
      return mainStep(schemaVersion, step, parameters)
    }),
  )
  requireUnique(steps.map(({ name }) => name))
  return steps
}

/** Refuses steps of one name, pointing at the second. */
export function requireUnique(names: readonly string[]): void {
  const again = names.findIndex((name, index) => names.indexOf(name) < index)
  if (again < 0) return
  within(['mainSteps', again, 'name'], () => {
    throw duplicateStepNames()
  })
}

function mainStep(schemaVersion: string, step: TreeMap, parameters: readonly ParameterDeclaration[] | undefined): Step {
  const plugin = requiredText(step, 'action')
  const name = requiredText(step, 'name')
  within(['name'], () => {
    if (!STEP_NAME.test(name)) throw invalidStepName(name)
  })
  const platformTypes = within(['action'], () => {
    const platforms = pluginPlatforms(plugin)
    if (!platforms) throw unknownPlugin(plugin)
    return platforms
  })
  const inputs = step.get('inputs') ?? new Map()
  if (!isMap(inputs)) throw invalidInStep('inputs', name)
  const precondition = step.get('precondition') ?? undefined
  requireDeclaredIn(parameters, step, ['inputs', 'settings', 'precondition'])
  const only = within(['precondition'], () => preconditionPlatform(schemaVersion, name, precondition))
  return { name, plugin, inputs: [inputs], platformTypes: platformTypes.filter((one) => !only || one === only) }
}

function requiredText(step: TreeMap, property: string): string {
  const value = step.get(property)
  if (typeof value !== 'string' || value === '') throw missingInStep(property)
  return value
}

/** Checks a step's precondition (DOC-06); the answer is the one platform that it leaves, if it speaks of platforms. */
function preconditionPlatform(
  schemaVersion: string,
  step: string,
  precondition: Tree | undefined,
): PlatformType | undefined {
  if (precondition === undefined) return undefined
  if (schemaVersion === '2.0') throw preconditionNotSupported(step)
  if (!isMap(precondition) || precondition.size !== 1) throw invalidInStep('precondition', step)
  const [[operator, operands]] = [...precondition] as [[string, Tree]]
  if (operator !== 'StringEquals') throw unknownPreconditionOperator(operator, step)
  if (!Array.isArray(operands) || operands.length !== 2) throw invalidInStep('precondition', step)
  const [left, right] = operands.map(String) as [string, string]
  if (left !== 'platformType' && right !== 'platformType') {
    if (!hasReference(left) && !hasReference(right)) throw unrecognizedPrecondition([left, right])
    return undefined
  }
  const value = left === 'platformType' ? right : left
  const platform = PLATFORM_TYPES.find((one) => one === value)
  if (!platform && !hasReference(value)) throw unrecognizedPrecondition([left, right])
  return platform
}
