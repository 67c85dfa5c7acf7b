import type { ListSessionRecordingsRequest, SessionRecording } from '@steward/model/generated/steward.ts'
import type { RelayedSession } from '#kernel/declare.ts'
import type { RecordingFilter } from './store.ts'
import type { RecordingTable } from './tables.ts'

/** What is known of a recording at its end. */
export type Ending = {
  readonly [K in 'ended_at' | 'cut' | 'lines' | 'bytes' | 'hash']: NonNullable<RecordingTable[K]>
} & Pick<RecordingTable, 'to_node' | 'from_node'>

/** The row of a recording that begins. */
export function begunRecording(session: RelayedSession, sealedKey: Uint8Array): RecordingTable {
  const { scope, sessionType, encrypted } = session
  return {
    session_id: session.sessionId,
    account: scope.account,
    region: scope.region,
    node_id: session.nodeId,
    owner_arn: session.ownerArn,
    document_name: session.documentName,
    session_type: sessionType,
    destination: session.destination ?? null,
    content: sessionType === 'Port' ? 'none' : encrypted ? 'encrypted' : 'terminal',
    started_at: session.startedAt.toISOString(),
    data_key: sealedKey,
    to_node: 0,
    from_node: 0,
    over_since: null,
    ended_at: null,
    cut: null,
    lines: null,
    bytes: null,
    hash: null,
    seal: null,
    audit_event_id: null,
  }
}

/** As the API shows it. */
export function toRecording(row: RecordingTable): SessionRecording {
  const isPort = row.session_type === 'Port'
  return {
    SessionId: row.session_id,
    Target: row.node_id,
    Owner: row.owner_arn,
    DocumentName: row.document_name,
    SessionType: row.session_type,
    Destination: row.destination ?? undefined,
    Content: CONTENT[row.content],
    StartDate: new Date(row.started_at),
    EndDate: row.ended_at === null ? undefined : new Date(row.ended_at),
    Cut: row.cut === null ? undefined : row.cut === 1,
    Lines: row.lines ?? undefined,
    Bytes: row.bytes ?? undefined,
    BytesToNode: isPort ? row.to_node : undefined,
    BytesFromNode: isPort ? row.from_node : undefined,
    Hash: row.hash ?? undefined,
    AuditEventId: row.audit_event_id ?? undefined,
  }
}

const CONTENT = { terminal: 'Terminal', none: 'None', encrypted: 'Encrypted' } as const

/** Reads what the lists of recordings are narrowed by. */
export function filterOf(input: ListSessionRecordingsRequest): RecordingFilter {
  return {
    sessionId: input.SessionId,
    nodeId: input.Target,
    ownerArn: input.Owner,
    after: input.StartedAfter?.toISOString(),
    before: input.StartedBefore?.toISOString(),
  }
}
