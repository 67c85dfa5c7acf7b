/** Where rules may lead, and what must be said of each kind of target. */
import type { Target } from '@steward/model/generated/events.ts'
import type { Scope } from '#kernel/scope.ts'
import { busHere } from './bus-store.ts'
import { invalid, notBuilt } from './errors.ts'
import { isPredefined, placeholders } from './input.ts'
import { parsePath } from './json-path.ts'

export const TARGETS_PER_RULE = 5

const PATHS_PER_TRANSFORMER = 100

/** Throws `ValidationException` for a target that would never get anything. */
export function checkTarget(scope: Scope, target: Target): void {
  const parts = target.Arn.split(':')
  if (parts.length < 6 || parts[0] !== 'arn' || !parts[2])
    throw invalid(`Parameter ${target.Arn} is not valid. Reason: Provided Arn is not in correct format.`)
  checkKind(scope, target, parts[2], parts.slice(5).join(':'))
  checkInput(target)
  const queue = target.DeadLetterConfig?.Arn
  if (queue && queue.split(':')[2] !== 'sqs')
    throw invalid(`Invalid DeadLetterConfig for target ${target.Id}: the Arn must be that of an SQS queue.`)
}

function checkKind(scope: Scope, target: Target, service: string, resource: string): void {
  if (service === 'ssm' && /^document\/./.test(resource)) {
    checkRunCommand(target)
    return
  }
  if (service === 'sns' && /^[^/:]+$/.test(resource)) return
  if (service === 'logs' && /^log-group:[^:]+(:\*)?$/.test(resource)) return
  if (service === 'events' && /^api-destination\/./.test(resource)) return
  if (service === 'events' && /^event-bus\/./.test(resource)) {
    checkBus(scope, target)
    return
  }
  if (service === 'ssm' && resource.startsWith('automation-definition/'))
    throw notBuilt('Rules that start an automation are')
  throw notBuilt(`Targets such as ${target.Arn} are`)
}

function checkBus(scope: Scope, { Arn, Input, InputPath, InputTransformer }: Target): void {
  if (busHere(scope, Arn) === undefined) throw notBuilt('Event buses of other accounts and Regions as targets are')
  if ([Input, InputPath, InputTransformer].some((value) => value !== undefined))
    throw notBuilt('Input, InputPath and InputTransformer for event buses are')
}

function checkRunCommand({ Id, Arn, RoleArn, RunCommandParameters }: Target): void {
  if (!RoleArn) throw invalid(`RoleArn is required for target ${Arn}.`)
  if (!RunCommandParameters) throw invalid(`RunCommandParameters is required for target ${Id}.`)
}

function checkInput({ Id, Input, InputPath, InputTransformer }: Target): void {
  const given = [Input, InputPath, InputTransformer].filter((value) => value !== undefined)
  if (given.length > 1)
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`)
  if (Input !== undefined && !isJson(Input)) throw invalid(`JSON syntax error in input for target ${Id}.`)
  if (InputPath !== undefined && !parsePath(InputPath)) throw invalid(`Invalid InputPath for target ${Id}.`)
  if (InputTransformer) checkTransformer(Id, InputTransformer)
}

function checkTransformer(id: string, { InputPathsMap = {}, InputTemplate }: NonNullable<Target['InputTransformer']>) {
  const paths = Object.entries(InputPathsMap)
  if (paths.length > PATHS_PER_TRANSFORMER) throw invalid(`Too many InputPathsMap entries for target ${id}.`)
  for (const [name, path] of paths) {
    if (/^aws/i.test(name)) throw invalid(`InputPathsMap for target ${id} contains the reserved name ${name}.`)
    if (!parsePath(path)) throw invalid(`InputPathsMap for target ${id} contains an invalid path: ${path}.`)
  }
  const unknown = placeholders(InputTemplate).find((name) => !Object.hasOwn(InputPathsMap, name) && !isPredefined(name))
  if (unknown) throw invalid(`InputTemplate for target ${id} contains invalid placeholder ${unknown}.`)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
