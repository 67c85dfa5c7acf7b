import type { PlatformType, UpdateInstanceInformationRequest } from '@steward/model/generated/ssm.ts'
import type { Access, Call } from '#kernel/declare.ts'
import { arn, type Scope } from '#kernel/scope.ts'
import { validation } from './errors.ts'

/** A machine that was registered: what it proves itself with, and what it was given by its activation. */
export interface Registration {
  readonly scope: Scope
  readonly nodeId: string
  readonly activationId: string
  readonly iamRole: string
  readonly name: string | undefined
  readonly fingerprint: string
  readonly publicKey: string
  readonly registeredAt: Date
}

/** What a node says of itself. Members that it left out stay as they were. */
export interface HealthReport {
  readonly agentName?: string
  readonly agentVersion?: string
  readonly platformType?: PlatformType
  readonly platformName?: string
  readonly platformVersion?: string
  readonly computerName?: string
  readonly ipAddress?: string
}

/** Lengths that the public API shows at most. */
const LONGEST = { agentName: 255, platformName: 120, platformVersion: 120, computerName: 255 }
const VERSION = /^[0-9]{1,6}(\.[0-9]{1,6}){2,3}$/
const ROLE = /^[\w+=,.@:/-]{1,64}$/

export function nodeArn(scope: Scope, nodeId: string): string {
  return arn(scope, 'ssm', `managed-instance/${nodeId}`)
}

/** The node that signed a call with its own key, that key, and the ARN on which the call is authorised. */
export function speakingNode({ principal, scope }: Pick<Call, 'principal' | 'scope'>) {
  if (principal.kind !== 'node' || !principal.publicKey)
    throw validation('This operation is signed with the key of a node.')
  return { nodeId: principal.nodeId, publicKey: principal.publicKey, arn: nodeArn(scope, principal.nodeId) }
}

/** Refuses what cannot be a role; whether it exists is not known here. Roles linked to a service cannot be given to a node. */
export function checkRole(role: string): void {
  if (!ROLE.test(role) || role.includes('aws-service-role/')) throw validation(`Not existing role: ${role}`)
}

/** The demand of a call that hands over a role. It is named by its name, its path and name, or its ARN. */
export function passRole({ account }: Scope, role: string): Access {
  return {
    action: 'iam:PassRole',
    resources: [role.startsWith('arn:') ? role : `arn:aws:iam::${account}:role/${role}`],
    context: { 'iam:PassedToService': 'ssm.amazonaws.com' },
  }
}

/**
 * What is worth keeping of a health report. An agent that is refused its first report does nothing for minutes, so what we
 * cannot show (an empty text, a version that is none) is left out rather than refused, and what is too long is cut.
 */
export function healthReport(input: UpdateInstanceInformationRequest): HealthReport {
  return {
    agentName: cut(input.AgentName, LONGEST.agentName),
    agentVersion: input.AgentVersion && VERSION.test(input.AgentVersion) ? input.AgentVersion : undefined,
    platformType: input.PlatformType,
    platformName: cut(input.PlatformName, LONGEST.platformName),
    platformVersion: cut(input.PlatformVersion, LONGEST.platformVersion),
    computerName: cut(input.ComputerName, LONGEST.computerName),
    ipAddress: input.IPAddress || undefined,
  }
}

/** PostgreSQL keeps no NUL in a text. */
function cut(text: string | undefined, length: number): string | undefined {
  return text?.replaceAll('\0', '').slice(0, length) || undefined
}

/** A version in a form whose order as text is the order of versions: `3.10` after `3.9`. */
export function versionKey(version: string): string {
  return version.replace(/\d+/g, (digits) => digits.padStart(10, '0'))
}
