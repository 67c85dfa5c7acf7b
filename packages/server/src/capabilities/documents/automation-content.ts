import type { DocumentType } from './document.ts'
import {
  duplicateStepNames,
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
import { requireDeclared } from './references.ts'
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

const ACTIONS = [
  'aws:approve',
  'aws:assertAwsResourceProperty',
  'aws:branch',
  'aws:changeInstanceState',
  'aws:copyImage',
  'aws:createImage',
  'aws:createStack',
  'aws:createTags',
  'aws:deleteImage',
  'aws:deleteStack',
  'aws:executeAutomation',
  'aws:executeAwsApi',
  'aws:executeScript',
  'aws:executeStateMachine',
  'aws:invokeLambdaFunction',
  'aws:invokeWebhook',
  'aws:loop',
  'aws:pause',
  'aws:runCommand',
  'aws:runInstances',
  'aws:sleep',
  'aws:updateVariable',
  'aws:waitForAwsResourceProperty',
]

const STEP_NAME = /^[a-zA-Z0-9_]+$/

/** Checks what can be known of a runbook without running it: its steps, their names and the links between them. */
export function automationContent(
  type: DocumentType,
  root: TreeMap,
  text: ReadText,
): readonly ParameterDeclaration[] | undefined {
  for (const key of root.keys()) if (!PROPERTIES.includes(key)) throw unknownProperty(key)
  const parameters = declaredParameters(type, root, text)
  const list = root.get('mainSteps')
  if (list !== undefined && !Array.isArray(list)) throw invalidInDocument('mainSteps')
  if (!list?.length) throw missingInDocument('mainSteps')
  const steps = list.map((step) => {
    if (!isMap(step)) throw invalidInDocument('mainSteps')
    return step
  })
  const names = steps.map(stepName)
  if (new Set(names).size < names.length) throw duplicateStepNames()
  for (const step of steps) requireKnownLinks(step, names)
  requireKnownOutputs(root, names)
  requireDeclared(parameters, [root.get('assumeRole'), ...steps.map((step) => step.get('inputs'))])
  return parameters
}

function stepName(step: TreeMap): string {
  for (const property of ['name', 'action']) if (typeof step.get(property) !== 'string') throw missingInStep(property)
  const name = step.get('name') as string
  if (!STEP_NAME.test(name)) throw invalidStepName(name)
  const action = step.get('action') as string
  if (!ACTIONS.includes(action)) throw unknownAction(action)
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
