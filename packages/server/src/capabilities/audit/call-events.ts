import { emitIdentified } from '#capabilities/events/index.ts'
import type { Tx } from '#db/database.ts'
import type { AuditRecord } from '#kernel/audit-record.ts'

/** Calls that rules of events made themselves: a rule on them could start itself for ever. */
const BY_RULES = 'events.amazonaws.com'

/**
 * Sends calls that changed something to the rules of their Region (EVT-02), in the transaction that chains their records. As in AWS,
 * calls that only look are no events.
 */
export async function emitCalls(tx: Tx, changes: readonly AuditRecord[]): Promise<void> {
  const ofOthers = changes.filter(({ sourceIPAddress }) => sourceIPAddress !== BY_RULES)
  for (const some of Map.groupBy(ofOthers, regionOf).values()) {
    const { recipientAccountId, awsRegion } = some[0]!
    await emitIdentified(tx, { account: recipientAccountId, region: awsRegion }, () => some.map(happeningOf))
  }
}

function regionOf({ recipientAccountId, awsRegion }: AuditRecord): string {
  return `${recipientAccountId}/${awsRegion}`
}

function happeningOf(record: AuditRecord) {
  return {
    id: record.eventID,
    at: new Date(record.eventTime),
    source: `aws.${record.eventSource.split('.')[0]}`,
    detailType: 'AWS API Call via CloudTrail',
    resources: [],
    detail: { ...record },
    about: record.resources?.[0]?.ARN ?? record.eventID,
  }
}
