/**
 * Sessions that a second person must approve (SM-22). Its client may connect at once and waits, since the node is not sent the start before
 * somebody said yes. Nobody may approve a session of their own.
 */
import type { SessionApproval } from '@steward/model/generated/steward.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { beginEnd } from './end-session.ts'
import { approvalIsNotPending, decidedByOwner, sessionDoesNotExist } from './errors.ts'
import { userIdOf } from './session.ts'
import { ANSWER_MS } from './start-session.ts'
import { findSession, updateSession } from './store.ts'
import type { SessionRow } from './tables.ts'

interface Decision {
  readonly SessionId: string
  readonly Comment?: string | undefined
}

export async function approveSession(call: WriteCall, { SessionId, Comment }: Decision): Promise<SessionApproval> {
  const session = await pendingSession(call, SessionId)
  const change = {
    ...decision(call, 'Approved', Comment),
    job: 'start',
    job_due: call.now.toISOString(),
    deadline: new Date(call.now.getTime() + ANSWER_MS).toISOString(),
  } as const
  await updateSession(call.db, session.id, change)
  call.wakeNodes(call.scope, [session.node_id])
  return toApproval({ ...session, ...change })
}

export async function rejectSession(call: WriteCall, { SessionId, Comment }: Decision): Promise<SessionApproval> {
  const session = await pendingSession(call, SessionId)
  const change = decision(call, 'Rejected', Comment)
  await updateSession(call.db, session.id, change)
  const output = `The session was rejected by ${call.principal.arn}${Comment ? `: ${Comment}` : '.'}`
  await beginEnd(call.db, { ...session, ...change }, { output, failed: true, now: call.now })
  call.endSession(session.id, output)
  return toApproval({ ...session, ...change })
}

async function pendingSession(call: WriteCall, id: string): Promise<SessionRow> {
  const session = await findSession(call.db, call.scope, id)
  if (!session) throw sessionDoesNotExist(id)
  if (session.approval !== 'Pending' || session.status !== 'Connecting') throw approvalIsNotPending(id)
  if (session.owner_id === userIdOf(call.principal)) throw decidedByOwner()
  return session
}

function decision({ principal, now }: WriteCall, approval: 'Approved' | 'Rejected', comment: string | undefined) {
  return {
    approval,
    approver_arn: principal.arn,
    approval_comment: comment ?? null,
    approval_at: now.toISOString(),
  }
}

/** How it stands with the approval of a session that needs one. */
export function toApproval(row: SessionRow): SessionApproval {
  const isPending = row.approval === 'Pending'
  return {
    SessionId: row.id,
    State: row.approval!,
    Owner: row.owner_arn,
    Target: row.node_id,
    DocumentName: row.document_name,
    Reason: row.reason ?? undefined,
    RequestedAt: new Date(row.started_at),
    ExpiresAt: isPending && row.deadline ? new Date(row.deadline) : undefined,
    Approver: row.approver_arn ?? undefined,
    Comment: row.approval_comment ?? undefined,
    DecidedAt: row.approval_at === null ? undefined : new Date(row.approval_at),
  }
}
