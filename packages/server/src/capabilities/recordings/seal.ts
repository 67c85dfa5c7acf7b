/** The end of a recording: what it came to, under the installation's seal, and on the audit trail. */

import { sessionArn } from '#capabilities/sessions/index.ts'
import type { Tx } from '#db/database.ts'
import { type AuditRecord, toServiceRecord } from '#kernel/audit-record.ts'
import type { AuditTrail } from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Ending } from './recording.ts'
import { sealRecording } from './store.ts'
import type { RecordingTable } from './tables.ts'

type Begun = Omit<RecordingTable, keyof Ending | 'data_key' | 'seal' | 'audit_event_id'>

/** What the seal is made of. */
export function sealText(recording: Begun & Ending): string {
  const { account, region, session_id, node_id, owner_arn, document_name, session_type, content, started_at } =
    recording
  const { ended_at, cut, lines, bytes, hash, to_node, from_node } = recording
  const whose = [account, region, session_id, node_id, owner_arn, document_name, session_type, content, started_at]
  return ['session-recording', ...whose, ended_at, cut, lines, bytes, hash, to_node, from_node].join('\n')
}

/** Seals a recording that is still open; false if it was sealed before. Call `audit.added()` after the commit. */
export async function seal(
  tx: Tx,
  recording: Begun & Ending,
  record: AuditRecord,
  audit: AuditTrail,
): Promise<boolean> {
  const { ended_at, cut, lines, bytes, hash, to_node, from_node } = recording
  const ending = { ended_at, cut, lines, bytes, hash, to_node, from_node }
  const proof = { seal: audit.proof.seal(sealText(recording)), audit_event_id: record.eventID }
  const isSealed = await sealRecording(tx, recording.session_id, { ...ending, ...proof })
  if (isSealed) await audit.add(tx, record)
  return isSealed
}

/** The record of the end of a recording. */
export function sealRecord(recording: Begun & Ending, at: Date, ids: Ids): AuditRecord {
  const { account, region } = recording
  return toServiceRecord(
    {
      scope: { account, region },
      service: 'steward',
      name: 'SealSessionRecording',
      resources: [
        { ARN: sessionArn({ account, region }, recording.session_id), accountId: account, type: 'AWS::SSM::Session' },
      ],
      data: {
        sessionId: recording.session_id,
        target: recording.node_id,
        owner: recording.owner_arn,
        documentName: recording.document_name,
        destination: recording.destination ?? undefined,
        startTime: recording.started_at,
        endTime: recording.ended_at,
        cut: recording.cut === 1,
        content: recording.content,
        lines: recording.lines,
        bytes: recording.bytes,
        hash: recording.hash,
        ...(recording.session_type === 'Port' ? { toNode: recording.to_node, fromNode: recording.from_node } : {}),
      },
    },
    at,
    ids.uuid(),
  )
}
