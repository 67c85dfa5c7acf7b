import type { LogGroup } from '@steward/model/generated/logs.ts'
import { DAY_MS } from './batch.ts'
import { groupArn } from './names.ts'
import type { LogGroupRow } from './tables.ts'

/** A group as the API shows it. */
export function toLogGroup(row: LogGroupRow): LogGroup {
  const arn = groupArn(row, row.name)
  return {
    logGroupName: row.name,
    creationTime: row.created_at,
    retentionInDays: row.retention_days ?? undefined,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes: row.stored_bytes,
    kmsKeyId: row.kms_key ?? undefined,
    logGroupClass: row.class,
    logGroupArn: arn,
    deletionProtectionEnabled: row.deletion_protected === 1,
  }
}

/** The time from which on events have not expired: what is older is not shown, even while it is still there. */
export function keptSince({ retention_days }: LogGroupRow, now: Date): number {
  return retention_days === null ? 0 : now.getTime() - retention_days * DAY_MS
}
