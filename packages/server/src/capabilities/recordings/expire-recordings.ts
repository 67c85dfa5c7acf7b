/** Deletes recordings that have been kept long enough, the oldest first. That a recording expired, and what its hash was, stays on the trail. */
import { sessionArn } from '#capabilities/sessions/index.ts'
import { type AuditRecord, toServiceRecord } from '#kernel/audit-record.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { deleteSome, recordingsEndedBefore } from './store.ts'
import type { RecordingTable } from './tables.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const RECORDINGS_AT_ONCE = 20
const CHUNKS_AT_ONCE = 200

export const expireRecordings = task({
  name: 'recordings.expire',
  everyMs: HOUR_MS,
  async run(context) {
    const { read, now, clockIsSteady, retention, signal } = context
    if (!clockIsSteady()) return { expired: 0 }
    const before = new Date(now().getTime() - retention.recordingDays * DAY_MS).toISOString()
    let expired = 0
    while (!signal.aborted) {
      const old = await read((reader) => recordingsEndedBefore(reader, before, RECORDINGS_AT_ONCE))
      if (old.length === 0) break
      for (const recording of old) if (await expire(recording, context)) expired++
    }
    if (expired > 0) context.audit.added()
    return { expired }
  },
})

/** A few chunks at a time; false if it was stopped before the end. */
async function expire(recording: RecordingTable, { write, now, ids, audit, signal }: TaskContext): Promise<boolean> {
  const record = expiryRecord(recording, now(), ids.uuid())
  while (!signal.aborted) {
    const isGone = await write(async (tx) => {
      const done = await deleteSome(tx, recording.session_id, CHUNKS_AT_ONCE)
      if (done) await audit.add(tx, record)
      return done
    })
    if (isGone) return true
  }
  return false
}

function expiryRecord(recording: RecordingTable, at: Date, uuid: string): AuditRecord {
  const { account, region, session_id: sessionId, ended_at: endTime, lines, hash } = recording
  const scope = { account, region }
  const resources = [{ ARN: sessionArn(scope, sessionId), accountId: account, type: 'AWS::SSM::Session' }]
  const data = { sessionId, endTime, lines, hash }
  return toServiceRecord({ scope, service: 'steward', name: 'ExpireSessionRecording', resources, data }, at, uuid)
}
