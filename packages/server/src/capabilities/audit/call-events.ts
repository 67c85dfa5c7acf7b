import { emitIdentified } from '#capabilities/events/index.ts'
import type { Tx } from '#db/database.ts'
import type { AuditRecord, WrittenRecord } from '#kernel/audit-record.ts'

/** Calls that rules of events made themselves: a rule on them could start itself for ever. */
const BY_RULES = 'events.amazonaws.com'

/**
 * Sends calls that changed something to the rules of their Region (EVT-02), in the transaction that chains their records. As in AWS,
 * calls that only look are no events.
 */
export async function emitCalls(tx: Tx, records: readonly WrittenRecord[]): Promise<void> {
  const changes = records.filter(({ change }) => change && change.sourceIPAddress !== BY_RULES)
  for (const some of Map.groupBy(changes, regionOf).values()) {
    const { recipientAccountId: account, awsRegion: region } = some[0]!.change!
    await emitIdentified(tx, { account, region }, () => some.map(happeningOf))
  }
}

function regionOf({ change }: WrittenRecord): string {
  return `${change!.recipientAccountId}/${change!.awsRegion}`
}

function happeningOf({ text }: WrittenRecord) {
  const record = JSON.parse(text) as AuditRecord
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
