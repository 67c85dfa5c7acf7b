/** How log groups and streams are called, in ARNs and by callers. */
import { arn, type Scope } from '#kernel/scope.ts'
import { invalid } from './errors.ts'

export function groupArn(scope: Scope, group: string): string {
  return arn(scope, 'logs', `log-group:${group}`)
}

export function streamArn(scope: Scope, group: string, stream: string): string {
  return `${groupArn(scope, group)}:log-stream:${stream}`
}

/** The resource that operations on a group are authorised on: policies name groups with `:*` at the end, as AWS has it. */
export function groupResource(scope: Scope, group: string): string {
  return streamArn(scope, group, '')
}

/** Members by which many operations name a group. */
export interface GroupReference {
  readonly logGroupName?: string | undefined
  readonly logGroupIdentifier?: string | undefined
}

/** The group that is meant, before it is checked that exactly one is: for deciding whether the caller may. */
export function meantGroup({ logGroupName, logGroupIdentifier }: GroupReference): string {
  return logGroupName ?? (logGroupIdentifier === undefined ? '*' : nameIn(logGroupIdentifier))
}

/** Throws `InvalidParameterException` unless exactly one member names a group. */
export function groupNamed(reference: GroupReference): string {
  const { logGroupName, logGroupIdentifier } = reference
  if (logGroupName !== undefined && logGroupIdentifier !== undefined)
    throw invalid('LogGroupName and LogGroupIdentifier cannot both be specified')
  if (logGroupName === undefined && logGroupIdentifier === undefined)
    throw invalid('LogGroupName or LogGroupIdentifier must be specified')
  return meantGroup(reference)
}

/** The name in an identifier, which is an ARN, with or without `:*`, or the name itself. */
export function nameIn(identifier: string): string {
  return /^arn:[^:]*:logs:[^:]*:[^:]*:log-group:([^:]*)/.exec(identifier)?.[1] ?? identifier
}

/** The scope and name of the group in any ARN of logs. */
export function parseGroupArn(text: string): { readonly scope: Scope; readonly name: string } | undefined {
  const [, region, account, name] = /^arn:[^:]*:logs:([^:]*):([^:]*):log-group:([^:]+)/.exec(text) ?? []
  return region && account && name ? { scope: { account, region }, name } : undefined
}

/** Throws `InvalidParameterException` for names that AWS keeps. */
export function checkGroupName(name: string): void {
  if (/^aws\//i.test(name)) throw invalid('Log groups starting with AWS/ are reserved for AWS.')
}
