import { arn, type Scope } from '#kernel/scope.ts'

export const DEFAULT_BUS = 'default'

export function busArn(scope: Scope, bus: string): string {
  return arn(scope, 'events', `event-bus/${bus}`)
}

export function isBusArn(text: string): boolean {
  return /^arn:[^:]+:events:[^:]+:\d{12}:event-bus\/./.test(text)
}

/** Rules of the default bus have no bus in their ARN. */
export function ruleArn(scope: Scope, bus: string, rule: string): string {
  return arn(scope, 'events', bus === DEFAULT_BUS ? `rule/${rule}` : `rule/${bus}/${rule}`)
}

export function connectionArn(scope: Scope, name: string, uid: string): string {
  return arn(scope, 'events', `connection/${name}/${uid}`)
}

export function apiDestinationArn(scope: Scope, name: string, uid: string): string {
  return arn(scope, 'events', `api-destination/${name}/${uid}`)
}
