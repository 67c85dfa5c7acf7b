import type { AttachedPolicy } from '#kernel/policy.ts'
import type { Scope } from '#kernel/scope.ts'
import { evaluate } from './evaluate.ts'
import { requestContext } from './request-context.ts'

/** What a service is about to do to a resource of the account, for something else in it. */
export interface ServiceDeed {
  readonly scope: Scope
  /** `events.amazonaws.com` */
  readonly service: string
  readonly action: string
  readonly resource: string
  /** ARN of what it does that for, such as a rule. */
  readonly sourceArn: string
  /** The role that it was handed, if there is no telling what that may do. */
  readonly roleArn?: string | undefined
}

/** Whether the policy of the resource denies it. What no policy speaks of, services do within their account. */
export function deniesService(
  { scope, service, action, resource, sourceArn, roleArn }: ServiceDeed,
  policy: AttachedPolicy,
): boolean {
  const { account, region } = scope
  const other = { kind: 'Service', name: service } as const
  const asker = { account, own: [], behind: roleArn === undefined ? [] : [roleArn], other }
  const context = requestContext({
    'aws:PrincipalArn': roleArn,
    'aws:PrincipalIsAWSService': String(roleArn === undefined),
    'aws:PrincipalServiceName': roleArn === undefined ? service : undefined,
    'aws:RequestedRegion': region,
    'aws:SecureTransport': 'true',
    'aws:SourceAccount': account,
    'aws:SourceArn': sourceArn,
  })
  const question = { asker, action, resource, context }
  return evaluate(question, { identity: [], resource: { account, policy } }).why === 'explicit'
}
