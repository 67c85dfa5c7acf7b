/** The act of starting a session: it is stored with its token, and the node is sent its start. */
import type { StartSessionRequest, StartSessionResponse } from '@steward/model/generated/ssm.ts'
import type { JsonObject } from '@steward/protocol'
import { formatInteractiveShell } from '@steward/protocol/session/index.ts'
import { isConnected } from '#capabilities/nodes/index.ts'
import type { SessionPolicy, WriteCall } from '#kernel/declare.ts'
import { targetNotConnected, targetOfEcs } from './errors.ts'
import { minutesToMs, newSessionId, ownerName, streamUrl, userIdOf } from './session.ts'
import { planSession, type SessionPlan } from './session-plan.ts'
import { addSession } from './store.ts'
import type { SessionRow } from './tables.ts'
import { issueToken } from './tokens.ts'

/** How long a node has to open the data channel; its start is repeated in the meantime. */
export const ANSWER_MS = 15_000

/** The tag of principals that says as whom they work on nodes (SM-07). */
const RUN_AS_TAG = 'SSMSessionRunAs'

export async function startSession(call: WriteCall, input: StartSessionRequest): Promise<StartSessionResponse> {
  const plan = await planSession(call, input.DocumentName, input.Parameters ?? {})
  const { Target: target } = input
  if (target.startsWith('ecs:')) throw targetOfEcs(target)
  if (!(await isConnected(call.db, call.scope, target))) throw targetNotConnected(target)
  const row = newSession(call, input, plan)
  await addSession(call.db, row)
  call.wakeNodes(call.scope, [target])
  return {
    SessionId: row.id,
    TokenValue: await issueToken(call.db, row.id, 'client', call.now, call.ids),
    StreamUrl: streamUrl(call.origin, row.id),
  }
}

function newSession(call: WriteCall, { Target, Reason }: StartSessionRequest, plan: SessionPlan): SessionRow {
  const { scope, principal, now, ids } = call
  const { inputs, sessionType } = plan
  const { approvalRequired, approvalTimeout, readOnly, forbiddenPatterns, endOnMatch } = inputs.stewardSessionPolicy
  const policy: SessionPolicy = { readOnly, forbiddenPatterns, endOnMatch }
  const id = newSessionId(principal, ids)
  const patience = approvalRequired ? minutesToMs(approvalTimeout) : ANSWER_MS
  return {
    id,
    ...scope,
    node_id: Target,
    owner_arn: principal.arn,
    owner_id: userIdOf(principal),
    owner_name: ownerName(principal),
    document_name: plan.documentName,
    session_type: sessionType,
    reason: Reason ?? null,
    status: 'Connecting',
    details: null,
    started_at: now.toISOString(),
    ended_at: null,
    deadline: new Date(now.getTime() + patience).toISOString(),
    idle_ms: minutesToMs(inputs.idleSessionTimeout),
    max_duration: inputs.maxSessionDuration || null,
    encrypted: inputs.kmsKeyId && sessionType !== 'Port' ? 1 : 0,
    destination: plan.destination,
    policy: JSON.stringify(policy),
    acknowledged: JSON.stringify({ below: 0, above: [] }),
    s3_url: null,
    cloudwatch_url: null,
    job: approvalRequired ? null : 'start',
    job_due: approvalRequired ? null : now.toISOString(),
    start_payload: startPayload(call, id, plan),
    approval: approvalRequired ? 'Pending' : null,
    approver_arn: null,
    approval_comment: null,
    approval_at: null,
  }
}

function startPayload({ principal, principalTags }: WriteCall, sessionId: string, plan: SessionPlan): string {
  return formatInteractiveShell({
    sessionId,
    documentName: plan.documentName,
    documentContent: plan.content as JsonObject,
    parameters: plan.parameters as JsonObject,
    runAsUser: plan.inputs.runAsEnabled ? (principalTags[RUN_AS_TAG] ?? '') : '',
    sessionOwner: principal.arn,
  })
}
