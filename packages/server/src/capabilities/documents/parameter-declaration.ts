import type { Position } from '#kernel/text-position.ts'
import { within } from './content-path.ts'
import type { DocumentType } from './document.ts'
import {
  invalidInDocument,
  invalidInParameter,
  invalidParameterType,
  missingInParameter,
  parameterNameNotAlphaNumeric,
  wrongDefault,
} from './errors.ts'
import { writeJson } from './json-text.ts'
import { isMap, type ReadText, type Tree, type TreeMap } from './tree.ts'

export type ParameterType = 'String' | 'StringList' | 'Integer' | 'Boolean' | 'MapList' | 'StringMap'

/** One parameter as a document declares it (DOC-07). */
export interface ParameterDeclaration {
  readonly name: string
  /** As written: Automation documents also have `AWS::…` and `List<AWS::…>`. */
  readonly type: string
  /** The JSON form that its values take. */
  readonly form: ParameterType
  readonly description?: string
  /** Undefined also for `default: null`, which AWS accepts and does not show. */
  readonly default?: Tree
  readonly allowedValues?: readonly string[]
  readonly allowedPattern?: string
  readonly minItems?: number
  readonly maxItems?: number
  readonly minChars?: number
  readonly maxChars?: number
}

const FORMS: readonly string[] = ['String', 'StringList', 'Integer', 'Boolean', 'MapList', 'StringMap']
const NAME = /^[a-zA-Z0-9]+$/
const RESOURCE_TYPE = /^(List<)?AWS::[\w:]+(>)?$/
const PARAMETER_STORE = /^\s*\{\{\s*ssm:[^{}]+\}\}\s*$/

/** The declared parameters in their order; undefined when the content has no `parameters` at all (DOC-22). */
export function declaredParameters(
  type: DocumentType,
  root: TreeMap,
  text: ReadText,
): ParameterDeclaration[] | undefined {
  const parameters = root.get('parameters')
  if (parameters === undefined || parameters === null) return undefined
  if (!isMap(parameters)) throw invalidInDocument('parameters')
  return [...parameters].map(([name, definition]) =>
    within(['parameters', name], () => {
      if (!NAME.test(name)) throw parameterNameNotAlphaNumeric(name)
      if (!isMap(definition)) throw missingInParameter('type', text.placeOf(parameters))
      return declaration(type, name, definition, text.placeOf(definition))
    }),
  )
}

function declaration(
  documentType: DocumentType,
  name: string,
  definition: TreeMap,
  place: Position | undefined,
): ParameterDeclaration {
  const type = definition.get('type')
  if (typeof type !== 'string') throw missingInParameter('type', place)
  const form = formOf(documentType, type, place)
  const value = definition.get('default') ?? undefined
  if (value !== undefined && !fits(form, value)) throw wrongDefault(type, writeJson(value), place)
  return {
    name,
    type,
    form,
    description: text(definition, 'description', place),
    default: value,
    allowedValues: texts(definition, 'allowedValues', place),
    allowedPattern: text(definition, 'allowedPattern', place),
    minItems: count(definition, 'minItems', place),
    maxItems: count(definition, 'maxItems', place),
    minChars: count(definition, 'minChars', place),
    maxChars: count(definition, 'maxChars', place),
  }
}

function formOf(documentType: DocumentType, type: string, place: Position | undefined): ParameterType {
  if (FORMS.includes(type)) return type as ParameterType
  const resource = documentType.startsWith('Automation') ? RESOURCE_TYPE.exec(type) : null
  if (!resource || Boolean(resource[1]) !== Boolean(resource[2])) throw invalidParameterType(type, place)
  return resource[1] ? 'StringList' : 'String'
}

/** A default has the parameter's own type, or is the name of a parameter in Parameter Store that will have it. */
function fits(form: ParameterType, value: Tree): boolean {
  if (typeof value === 'string' && PARAMETER_STORE.test(value)) return true
  switch (form) {
    case 'String':
      return typeof value !== 'object'
    case 'StringList':
      return Array.isArray(value) && value.every((item) => typeof item !== 'object')
    case 'Integer':
      return Number.isInteger(value) || (typeof value === 'string' && /^-?\d+$/.test(value))
    case 'Boolean':
      return typeof value === 'boolean'
    case 'StringMap':
      return isMap(value) || typeof value === 'string'
    case 'MapList':
      return (Array.isArray(value) && value.every(isMap)) || typeof value === 'string'
  }
}

function text(definition: TreeMap, property: string, place: Position | undefined): string | undefined {
  const value = definition.get(property) ?? undefined
  if (value === undefined) return undefined
  if (typeof value === 'object') throw invalidInParameter(property, place)
  return String(value)
}

function texts(definition: TreeMap, property: string, place: Position | undefined): string[] | undefined {
  const value = definition.get(property) ?? undefined
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw invalidInParameter(property, place)
  return value.map((item) => (typeof item === 'string' ? item : writeJson(item)))
}

function count(definition: TreeMap, property: string, place: Position | undefined): number | undefined {
  const value = definition.get(property) ?? undefined
  if (value === undefined) return undefined
  if (typeof value === 'object' || !/^\d+$/.test(String(value))) throw invalidInParameter(property, place)
  return Number(value)
}

/** The default as DescribeDocument shows it: strings as they are, anything else as JSON. */
export function defaultText(declaration: ParameterDeclaration): string | undefined {
  const value = declaration.default
  return value === undefined || typeof value === 'string' ? value : writeJson(value)
}
