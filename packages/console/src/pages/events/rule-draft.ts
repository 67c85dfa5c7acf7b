/** A rule as the form holds it, and how it becomes one. */
import {
  PutRuleCommand,
  type PutRuleRequest,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type RuleState,
  type Target,
} from '@aws-sdk/client-eventbridge'
import { events as client } from '#api/clients/events.ts'
import { Failure } from '#api/failure.ts'
import { kindOf, type TargetKind } from './words.ts'

export interface TargetDraft {
  readonly id: string
  readonly kind: TargetKind
  readonly arn: string
  /** Of a document to run: `tag:role`, and values with commas between. */
  readonly key: string
  readonly values: string
  readonly role: string
  /** What else the target says; the form leaves it as it is. */
  readonly rest: Omit<Target, 'Id' | 'Arn' | 'RoleArn' | 'RunCommandParameters'>
}

export interface RuleDraft {
  readonly name: string
  readonly description: string
  readonly kind: 'event' | 'time'
  readonly pattern: string
  readonly schedule: string
  readonly targets: readonly TargetDraft[]
}

export const MOST_TARGETS = 5

export const TEMPLATES = {
  failed: {
    source: ['aws.ssm'],
    'detail-type': ['EC2 Command Status-change Notification'],
    detail: { status: ['Failed', 'TimedOut'] },
  },
  commands: { source: ['aws.ssm'], 'detail-type': ['EC2 Command Status-change Notification'] },
  invocations: { source: ['aws.ssm'], 'detail-type': ['EC2 Command Invocation Status-change Notification'] },
  calls: { source: ['aws.ssm'], 'detail-type': ['AWS API Call via CloudTrail'] },
  denied: { 'detail-type': ['AWS API Call via CloudTrail'], detail: { errorCode: ['AccessDenied'] } },
  own: { source: ['com.example.app'] },
} as const

export type Template = keyof typeof TEMPLATES

export function textOf(pattern: object): string {
  return JSON.stringify(pattern, null, 2)
}

export const NEW_RULE: RuleDraft = {
  name: '',
  description: '',
  kind: 'event',
  pattern: textOf(TEMPLATES.failed),
  schedule: 'rate(1 day)',
  targets: [],
}

export function newTarget(others: readonly TargetDraft[]): TargetDraft {
  const taken = new Set(others.map(({ id }) => id))
  let number = 1
  while (taken.has(`target-${number}`)) number += 1
  return { id: `target-${number}`, kind: 'webhook', arn: '', key: 'tag:', values: '', role: '', rest: {} }
}

export function draftOf(rule: PutRuleRequest, targets: readonly Target[]): RuleDraft {
  return {
    name: rule.Name ?? '',
    description: rule.Description ?? '',
    kind: rule.ScheduleExpression ? 'time' : 'event',
    pattern: rule.EventPattern ? textOf(JSON.parse(rule.EventPattern)) : NEW_RULE.pattern,
    schedule: rule.ScheduleExpression ?? NEW_RULE.schedule,
    targets: targets.map(targetDraft),
  }
}

function targetDraft({ Id = '', Arn = '', RoleArn = '', RunCommandParameters, ...rest }: Target): TargetDraft {
  const [chosen] = RunCommandParameters?.RunCommandTargets ?? []
  const [key, values] = [chosen?.Key ?? 'tag:', chosen?.Values?.join(', ') ?? '']
  return { id: Id, kind: kindOf(Arn), arn: Arn, key, values, role: RoleArn, rest }
}

export function toTarget({ id, kind, arn, key, values, role, rest }: TargetDraft): Target {
  const target = { ...rest, Id: id, Arn: arn, ...(role && { RoleArn: role }) }
  if (kind !== 'document') return target
  const Values = values.split(',').flatMap((value) => value.trim() || [])
  return { ...target, RunCommandParameters: { RunCommandTargets: [{ Key: key, Values }] } }
}

/** What of a draft cannot be saved, by member; the server says the rest. */
export function faultsOf(draft: RuleDraft): { name?: true; pattern?: string; targets: ReadonlySet<string> } {
  const targets = new Set(draft.targets.filter(({ arn }) => arn === '').map(({ id }) => id))
  const pattern = draft.kind === 'event' ? jsonFault(draft.pattern) : undefined
  return {
    ...(/^[\w.-]{1,64}$/.test(draft.name) ? {} : { name: true }),
    ...(pattern === undefined ? {} : { pattern }),
    targets,
  }
}

export function jsonFault(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** The rule itself, without its targets. */
export function toRule(draft: RuleDraft, bus: string): PutRuleRequest {
  return {
    Name: draft.name,
    EventBusName: bus,
    Description: draft.description || undefined,
    ...(draft.kind === 'event'
      ? { EventPattern: JSON.stringify(JSON.parse(draft.pattern)) }
      : { ScheduleExpression: draft.schedule.trim() }),
  }
}

/** What a rule was before it was edited. */
export interface Former {
  readonly State: RuleState | undefined
  readonly RoleArn: string | undefined
  readonly targetIds: readonly string[]
}

/** Saves a draft. An existing rule stays on or off. */
export async function saveRule(draft: RuleDraft, bus: string, former: Former | undefined): Promise<void> {
  const kept = { EventBusName: bus, Rule: draft.name }
  const { targetIds = [], ...same } = former ?? {}
  await client().send(new PutRuleCommand({ ...toRule(draft, bus), ...same }))
  const gone = targetIds.filter((id) => !draft.targets.some((target) => target.id === id))
  if (gone.length > 0) await client().send(new RemoveTargetsCommand({ ...kept, Ids: gone }))
  if (draft.targets.length === 0) return
  const put = new PutTargetsCommand({ ...kept, Targets: draft.targets.map(toTarget) })
  const { FailedEntries: [failed] = [] } = await client().send(put)
  if (failed) throw new Failure({ code: failed.ErrorCode ?? '', message: `${failed.TargetId}: ${failed.ErrorMessage}` })
}
