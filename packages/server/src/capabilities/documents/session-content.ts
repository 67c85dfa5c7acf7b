import { within } from './content-path.ts'
import {
  invalidInDocument,
  invalidSessionInput,
  invalidSessionType,
  missingSessionProperties,
  missingSessionType,
} from './errors.ts'
import { writeJson } from './json-text.ts'
import { declaredParameters, type ParameterDeclaration } from './parameter-declaration.ts'
import { requireDeclaredIn } from './references.ts'
import { sessionInputs } from './session-inputs.ts'
import { isMap, type ReadText, type Tree, type TreeMap } from './tree.ts'

const SESSION_TYPES = ['Standard_Stream', 'InteractiveCommands', 'NonInteractiveCommands', 'Port']

/** Checks a Session document: its kind, and that all but shell sessions say what to run or where to connect. */
export function sessionContent(root: TreeMap, text: ReadText): readonly ParameterDeclaration[] | undefined {
  const sessionType = within(['sessionType'], () => knownSessionType(root.get('sessionType') ?? undefined))
  const parameters = declaredParameters('Session', root, text)
  for (const property of ['inputs', 'properties']) {
    const value = root.get(property) ?? undefined
    if (value !== undefined && !isMap(value)) throw invalidInDocument(property)
  }
  if (sessionType !== 'Standard_Stream' && !isMap(root.get('properties'))) throw missingSessionProperties(sessionType)
  requireDeclaredIn(parameters, root, ['inputs', 'properties'])
  const inputs = within(['inputs'], () => sessionInputs(JSON.parse(writeJson(root.get('inputs') ?? new Map()))))
  if (inputs.stewardSessionPolicy.readOnly && !['Standard_Stream', 'InteractiveCommands'].includes(sessionType)) {
    throw invalidSessionInput('stewardSessionPolicy.readOnly', 'false in sessions without a terminal')
  }
  return parameters
}

function knownSessionType(value: Tree | undefined): string {
  if (value === undefined) throw missingSessionType()
  if (typeof value !== 'string' || !SESSION_TYPES.includes(value)) throw invalidSessionType()
  return value
}
