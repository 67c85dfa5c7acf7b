import type { SessionRow } from '../tables.ts'

/** A shell that was just started. */
export function aSessionRow(more: Partial<SessionRow> = {}): SessionRow {
  const startedAt = more.started_at ?? '2026-11-21T12:00:00.000Z'
  return {
    id: 'someone-0123456789abcdef0',
    account: '000000000000',
    region: 'us-east-1',
    node_id: 'mi-0123456789abcdef0',
    owner_arn: 'arn:aws:iam::000000000000:user/someone',
    owner_id: 'AIDAEXAMPLE',
    owner_name: 'someone',
    document_name: 'SSM-SessionManagerRunShell',
    session_type: 'Standard_Stream',
    reason: null,
    status: 'Connecting',
    details: null,
    started_at: startedAt,
    ended_at: null,
    deadline: null,
    idle_ms: 20 * 60_000,
    max_duration: null,
    encrypted: 0,
    destination: null,
    policy: JSON.stringify({ readOnly: false, forbiddenPatterns: [], endOnMatch: false }),
    acknowledged: JSON.stringify({ below: 0, above: [] }),
    s3_url: null,
    cloudwatch_url: null,
    job: 'start',
    job_due: startedAt,
    start_payload: '{"start":true}',
    approval: null,
    approver_arn: null,
    approval_comment: null,
    approval_at: null,
    ...more,
  }
}
