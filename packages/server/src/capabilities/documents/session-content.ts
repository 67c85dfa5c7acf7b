import {
  invalidInDocument,
  invalidSessionInput,
  invalidSessionType,
  missingSessionProperties,
  missingSessionType,
} from './errors.ts'
import { writeJson } from './json-text.ts'
import { declaredParameters, type ParameterDeclaration } from './parameter-declaration.ts'
import { requireDeclared } from './references.ts'
import { sessionInputs } from './session-inputs.ts'
import { isMap, type ReadText, type TreeMap } from './tree.ts'

const SESSION_TYPES = ['Standard_Stream', 'InteractiveCommands', 'NonInteractiveCommands', 'Port']

/** Checks a Session document: its kind, and that all but shell sessions say what to run or where to connect. */
export function sessionContent(root: TreeMap, text: ReadText): readonly ParameterDeclaration[] | undefined {
  const sessionType = root.get('sessionType') ?? undefined
  if (sessionType === undefined) throw missingSessionType()
  if (typeof sessionType !== 'string' || !SESSION_TYPES.includes(sessionType)) throw invalidSessionType()
  const parameters = declaredParameters('Session', root, text)
  for (const property of ['inputs', 'properties']) {
    const value = root.get(property) ?? undefined
    if (value !== undefined && !isMap(value)) throw invalidInDocument(property)
  }
  if (sessionType !== 'Standard_Stream' && !isMap(root.get('properties'))) throw missingSessionProperties(sessionType)
  requireDeclared(parameters, [root.get('inputs'), root.get('properties')])
  const inputs = sessionInputs(JSON.parse(writeJson(root.get('inputs') ?? new Map())))
  if (inputs.stewardSessionPolicy.readOnly && !['Standard_Stream', 'InteractiveCommands'].includes(sessionType)) {
    throw invalidSessionInput('stewardSessionPolicy.readOnly', 'false in sessions without a terminal')
  }
  return parameters
}
