import { sessionArn } from '#capabilities/sessions/index.ts'
import { keyOf, mustFind } from '../reading.ts'

import { steward } from '../steward.ts'
import { type Stretch, verifyStretch, WALK_BEGIN, type Walk } from '../verify.ts'

/** One answer takes about this long; `NextToken` goes on. */
const PATIENCE_MS = 1_000

/**
 * Our own operation: whether a recording is as it was taken down, and if not, from which line on (SM-12). `Hash` is to be that in the event
 * `AuditEventId` of the audit trail, which `VerifyAuditTrail` covers.
 */
export const VerifySessionRecording = steward.open('VerifySessionRecording', {
  access: ({ SessionId }, { scope }) => ({
    action: 'steward:VerifySessionRecording',
    resources: [sessionArn(scope, SessionId)],
  }),

  async handle({ SessionId }, call) {
    const row = await call.read((reader) => mustFind(reader, call.scope, SessionId))
    const key = keyOf(call.vault, row)
    const until = performance.now() + PATIENCE_MS
    let stretch: Stretch
    let walk = call.cursor<Walk>() ?? WALK_BEGIN
    do {
      stretch = await call.read((reader) => verifyStretch(reader, row, key, walk, call.audit.proof))
      walk = stretch.walk
      await new Promise((resolve) => setImmediate(resolve))
    } while (!stretch.complete && performance.now() < until && !call.signal.aborted)
    const { complete, fault } = stretch
    return {
      Complete: complete,
      Intact: complete ? fault === undefined : undefined,
      Sealed: row.ended_at !== null,
      Cut: row.cut === null ? undefined : row.cut === 1,
      Lines: walk.lines,
      Hash: fault ? undefined : walk.hash,
      AuditEventId: row.audit_event_id ?? undefined,
      Fault: fault && { Line: fault.line, Reason: fault.reason },
      NextToken: complete ? undefined : call.nextToken(walk),
    }
  },
})
