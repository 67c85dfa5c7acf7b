import type { PutRuleRequest, Rule } from '@steward/model/generated/events.ts'
import { nextRun } from '@steward/protocol/schedule/next-run.ts'
import { parseSchedule, ScheduleFault } from '@steward/protocol/schedule/schedule-expression.ts'
import type { Scope } from '#kernel/scope.ts'
import { invalid, invalidPattern, notBuilt } from './errors.ts'
import { DEFAULT_BUS, ruleArn } from './names.ts'
import { compilePattern } from './pattern/event-pattern.ts'
import { PatternError } from './pattern/pattern-error.ts'
import type { RuleRow } from './tables.ts'

export const RULES_PER_BUS = 300

/** The rule as it is after `PutRule`, which replaces all of it. Throws where a rule of rules is broken. */
export function toRule(scope: Scope, bus: string, input: PutRuleRequest, now: Date): RuleRow {
  const { Name, EventPattern, ScheduleExpression, State = 'ENABLED', Description, RoleArn } = input
  if (!EventPattern && !ScheduleExpression)
    throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.')
  if (State === 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS') throw notBuilt('Rules for calls that only look are')
  if (ScheduleExpression && bus !== DEFAULT_BUS)
    throw invalid('ScheduleExpression is supported only on the default event bus.')
  if (EventPattern) checkPattern(EventPattern)
  if (ScheduleExpression) checkSchedule(ScheduleExpression)
  const rule: RuleRow = {
    account: scope.account,
    region: scope.region,
    bus,
    name: Name,
    pattern: EventPattern || null,
    schedule: ScheduleExpression || null,
    state: State,
    description: Description ?? null,
    role_arn: RoleArn ?? null,
    next_run: null,
  }
  return { ...rule, next_run: dueAfter(rule, now) }
}

/** When the rule's schedule is due after `now`; null without a schedule, or while the rule is off. */
export function dueAfter({ schedule, state }: Pick<RuleRow, 'schedule' | 'state'>, now: Date): string | null {
  if (!schedule || state === 'DISABLED') return null
  return nextRun(parseSchedule(schedule), {}, now)?.toISOString() ?? null
}

/** Throws `InvalidEventPatternException`. */
export function checkPattern(text: string): void {
  try {
    compilePattern(text)
  } catch (error) {
    if (error instanceof PatternError) throw invalidPattern(error.message)
    throw error
  }
}

/** The row as the API shows it; members that are not set are absent. */
export function toApiRule(row: RuleRow): Rule {
  return {
    Name: row.name,
    Arn: ruleArn(row, row.bus, row.name),
    EventPattern: row.pattern ?? undefined,
    State: row.state,
    Description: row.description ?? undefined,
    ScheduleExpression: row.schedule ?? undefined,
    RoleArn: row.role_arn ?? undefined,
    EventBusName: row.bus,
  }
}

/** The condition keys of a rule that is put: what its pattern says of `source` and `detail-type`. */
export function patternConditions(pattern: string | undefined): Record<string, string[]> {
  const parsed = pattern ? parsedObject(pattern) : {}
  const texts = (name: string) => {
    const value = parsed[name]
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
  }
  return { 'events:source': texts('source'), 'events:detail-type': texts('detail-type') }
}

function parsedObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

function checkSchedule(expression: string): void {
  try {
    parseSchedule(expression)
  } catch (error) {
    throw error instanceof ScheduleFault ? invalid('Parameter ScheduleExpression is not valid.') : error
  }
}
