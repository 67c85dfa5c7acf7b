import type { RelayedSession } from '#kernel/declare.ts'
import { arn, type Scope } from '#kernel/scope.ts'
import type { RecordingTable } from './tables.ts'

/** What is known of a recording at its end. */
export type Ending = {
  readonly [K in 'ended_at' | 'cut' | 'lines' | 'bytes' | 'hash']: NonNullable<RecordingTable[K]>
} & Pick<RecordingTable, 'to_node' | 'from_node'>

export function sessionArn(scope: Scope, sessionId: string): string {
  return arn(scope, 'ssm', `session/${sessionId}`)
}

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
    ended_at: null,
    cut: null,
    lines: null,
    bytes: null,
    hash: null,
    seal: null,
    audit_event_id: null,
  }
}
