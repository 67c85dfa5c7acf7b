import type { Session } from '@steward/model/generated/ssm.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import type { RelayedSession } from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'
import { arn, type Scope } from '#kernel/scope.ts'
import type { SessionRow, SessionStatus } from './tables.ts'

/** In these the two ends may exchange something, or soon will. What ends shows in the history. */
export const ACTIVE: readonly SessionStatus[] = ['Connecting', 'Connected', 'Disconnected']

const MINUTE_MS = 60_000
const MAX_DETAILS = 1_024

export function sessionArn(scope: Scope, sessionId: string): string {
  return arn(scope, 'ssm', `session/${sessionId}`)
}

/**
 * `<name of the principal>-<17 digits>`, so that policies can speak of `session/${aws:username}-*`. It becomes the name of a directory on
 * the node, so nothing but what names of IAM are made of gets into it.
 */
export function newSessionId(principal: Principal, ids: Ids): string {
  return `${ownerName(principal).replace(/[^\w+=,.@-]/g, '_')}-${ids.hex(17)}`
}

export function ownerName(principal: Principal): string {
  switch (principal.kind) {
    case 'user':
    case 'federated':
      return principal.name
    case 'role':
      return principal.sessionName
    case 'node':
      return principal.nodeId
    default:
      return principal.kind
  }
}

/** `aws:userid` of a principal. */
export function userIdOf(principal: Principal): string {
  if ('userId' in principal) return principal.userId
  return principal.kind === 'node' ? principal.nodeId : principal.account
}

export function isOver({ status }: Pick<SessionRow, 'status'>): boolean {
  return status === 'Terminated' || status === 'Failed'
}

/** What a session's user was told at its end, as it is kept: PostgreSQL takes no NUL. */
export function detailsOf(output: string): string | null {
  return output.replaceAll('\0', '').trim().slice(0, MAX_DETAILS) || null
}

/** A session as DescribeSessions shows it: what there is nothing of is an empty text, as AWS has it. */
export function toSession(row: SessionRow): Session {
  return {
    SessionId: row.id,
    Target: row.node_id,
    Status: row.status,
    StartDate: new Date(row.started_at),
    EndDate: row.ended_at === null ? undefined : new Date(row.ended_at),
    DocumentName: row.document_name,
    Owner: row.owner_arn,
    Reason: row.reason ?? undefined,
    Details: row.details ?? '',
    OutputUrl: { S3OutputUrl: row.s3_url ?? '', CloudWatchOutputUrl: row.cloudwatch_url ?? '' },
    MaxSessionDuration: row.max_duration ?? undefined,
    AccessType: 'Standard',
  }
}

/** A session as the gateway needs it. */
export function toRelayed(row: SessionRow): RelayedSession {
  const startedAt = new Date(row.started_at)
  const minutes = row.max_duration
  return {
    scope: { account: row.account, region: row.region },
    sessionId: row.id,
    nodeId: row.node_id,
    ownerArn: row.owner_arn,
    documentName: row.document_name,
    sessionType: row.session_type,
    ...(row.destination !== null && { destination: row.destination }),
    startedAt,
    idleMs: row.idle_ms,
    endsAt: minutes === null ? undefined : new Date(startedAt.getTime() + Number(minutes) * MINUTE_MS),
    encrypted: row.encrypted === 1,
    policy: JSON.parse(row.policy),
    acknowledged: JSON.parse(row.acknowledged),
  }
}

export const minutesToMs = (minutes: string) => Number(minutes) * MINUTE_MS

/** Where a client opens the data channel of a session: at the address at which it reached the server. */
export function streamUrl(origin: string, sessionId: string): string {
  return `${origin.replace(/^http/, 'ws')}/v1/data-channel/${sessionId}?role=publish_subscribe`
}

/** The ARN that policies name for a target: a node, or what on AWS would be an instance or a task. */
export function targetArn(scope: Scope, target: string): string {
  if (target.startsWith('i-')) return arn(scope, 'ec2', `instance/${target}`)
  const [cluster, task] = target.startsWith('ecs:') ? target.slice('ecs:'.length).split('_') : []
  return cluster && task ? arn(scope, 'ecs', `task/${cluster}/${task}`) : nodeArn(scope, target)
}
