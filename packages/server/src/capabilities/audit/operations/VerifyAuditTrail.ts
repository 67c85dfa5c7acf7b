import type { AuditFault, Operations } from '@steward/model/generated/steward.ts'
import { service } from '#kernel/declare.ts'
import type { Fault } from '../chain.ts'
import { type Stretch, verifyStretch, type Walk } from '../verify.ts'

const steward = service<Operations>('steward')

/** One answer takes about this long; `NextToken` goes on. */
const PATIENCE_MS = 1_000

/** Our own operation: whether the audit trail is whole, and if not, which record is the first that is not as it was. */
export const VerifyAuditTrail = steward.open('VerifyAuditTrail', {
  access: () => ({ action: 'steward:VerifyAuditTrail', resources: ['*'] }),

  async handle(_input, call) {
    // A trail that cannot be written can still be verified.
    await call.audit.flush().catch((err) => call.log.error({ err }, 'audit records could not be written yet'))
    const { proof } = call.audit
    const witness = proof.witness()
    const until = performance.now() + PATIENCE_MS
    let stretch: Stretch
    let walk = call.cursor<Walk>()
    do {
      stretch = await call.read((reader) => verifyStretch(reader, walk, proof, witness))
      walk = stretch.walk
      await new Promise((resolve) => setImmediate(resolve))
    } while (!stretch.complete && performance.now() < until && !call.signal.aborted)
    const { complete, fault } = stretch
    return {
      Complete: complete,
      Intact: complete ? fault === undefined : undefined,
      FirstRecord: walk.first,
      LastRecord: fault ? fault.record - 1 : walk.head.records,
      LastHash: fault ? undefined : walk.head.hash,
      Fault: fault && toFault(fault),
      NextToken: complete ? undefined : call.nextToken(walk),
    }
  },
})

function toFault({ record, reason, line }: Fault): AuditFault {
  const known = line === undefined ? {} : whatIsLeft(line)
  return { Record: record, Reason: reason, ...known }
}

/** What a damaged record still tells of itself. */
function whatIsLeft(line: string): Pick<AuditFault, 'EventId' | 'EventName' | 'EventTime'> {
  const member = (name: string) => new RegExp(`"${name}":"([^"]{1,128})"`).exec(line)?.[1]
  return { EventId: member('eventID'), EventName: member('eventName'), EventTime: member('eventTime') }
}
