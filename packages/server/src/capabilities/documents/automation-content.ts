import { ACTIONS } from '@steward/protocol/document/index.ts'
import { requireUnique } from './command-content.ts'
import { within } from './content-path.ts'
import type { DocumentType } from './document.ts'
import {
  endAndNextStep,
  invalidInDocument,
  invalidStepName,
  missingInDocument,
  missingInStep,
  unknownAction,
  unknownProperty,
  unknownStepInOutput,
  unknownStepReference,
} from './errors.ts'
import { declaredParameters, type ParameterDeclaration } from './parameter-declaration.ts'
import { requireDeclaredIn } from './references.ts'
import { isMap, type ReadText, type TreeMap } from './tree.ts'

const PROPERTIES = [
  'schemaVersion',
  'description',
  'assumeRole',
  'parameters',
  'variables',
  'mainSteps',
  'outputs',
  'files',
]

/** What a template of Change Manager says besides. */
const TEMPLATE_PROPERTIES = ['emergencyChange', 'autoApprovable', 'templateInformation', 'executableRunBooks']

const STEP_NAME = /^[a-zA-Z0-9_]+$/

/** Checks what can be known of a runbook without running it: its steps, their names and the links between them. */
export function automationContent(
  type: DocumentType,
  root: TreeMap,
  text: ReadText,
): readonly ParameterDeclaration[] | undefined {
  const properties = type === 'Automation.ChangeTemplate' ? [...PROPERTIES, ...TEMPLATE_PROPERTIES] : PROPERTIES
  for (const key of root.keys()) {
    within([key], () => {
      if (!properties.includes(key)) throw unknownProperty(key)
    })
  }
  const parameters = declaredParameters(type, root, text)
  const list = root.get('mainSteps')
  if (list !== undefined && !Array.isArray(list)) throw invalidInDocument('mainSteps')
  if (!list?.length) throw missingInDocument('mainSteps')
  const steps = list.map((step, index) =>
    within(['mainSteps', index], () => {
      if (!isMap(step)) throw invalidInDocument('mainSteps')
      return step
    }),
  )
  const ofEach = <T>(check: (step: TreeMap) => T) =>
    steps.map((step, index) => within(['mainSteps', index], () => check(step)))
  const names = ofEach(stepName)
  requireUnique(names)
  ofEach((step) => requireKnownLinks(step, names))
  within(['outputs'], () => requireKnownOutputs(root, names))
  requireDeclaredIn(parameters, root, ['assumeRole'])
  ofEach((step) => requireDeclaredIn(parameters, step, ['inputs']))
  return parameters
}

function stepName(step: TreeMap): string {
  for (const property of ['name', 'action']) if (typeof step.get(property) !== 'string') throw missingInStep(property)
  const name = step.get('name') as string
  within(['name'], () => {
    if (!STEP_NAME.test(name)) throw invalidStepName(name)
  })
  const action = step.get('action') as string
  within(['action'], () => {
    if (!Object.hasOwn(ACTIONS, action)) throw unknownAction(action)
  })
  return name
}

function requireKnownLinks(step: TreeMap, names: readonly string[]): void {
  if (String(step.get('isEnd')) === 'true' && step.has('nextStep')) throw endAndNextStep()
  for (const property of ['nextStep', 'onFailure', 'onCancel']) {
    const value = step.get(property)
    if (typeof value !== 'string') continue
    const target = value.replace(/^step:/, '')
    if (target !== 'Abort' && target !== 'Continue' && !names.includes(target)) {
      throw unknownStepReference(target, property)
    }
  }
}

function requireKnownOutputs(root: TreeMap, names: readonly string[]): void {
  const outputs = root.get('outputs')
  if (!Array.isArray(outputs)) return
  for (const output of outputs) {
    if (typeof output === 'string' && !names.includes(output.split('.')[0]!)) throw unknownStepInOutput(output)
  }
}
