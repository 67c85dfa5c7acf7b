import { capability } from '#kernel/declare.ts'
import { expireRecords } from './expire-records.ts'
import { audit0001 } from './migrations/0001-audit.ts'
import { Trail } from './trail.ts'
import { writtenRecord } from './written-record.ts'

export { readHead } from './store.ts'

/** Who did what: the record of every call, chained, searched with CloudTrail's API, verified. */
export const auditCapability = capability({
  name: 'audit',
  url: import.meta.url,
  changeKinds: [{ kind: 'audit', read: 'cloudtrail:LookupEvents' }],
  migrations: { 'audit-0001': audit0001 },
  tasks: [expireRecords],
  auditTrail: (parts) => new Trail(parts),
  writtenRecord: (record) => writtenRecord(record),
})
