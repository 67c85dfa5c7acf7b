import type { AuditRecord, WrittenRecord } from '#kernel/audit-record.ts'
import { marksOfRecord } from './marks.ts'

/** A record with all that the trail must know of it. */
export function writtenRecord(record: AuditRecord, text = JSON.stringify(record)): WrittenRecord {
  const { eventID: id, readOnly, recipientAccountId, awsRegion, sourceIPAddress } = record
  const change = readOnly ? undefined : { recipientAccountId, awsRegion, sourceIPAddress }
  return { id, text, marks: marksOfRecord(record), change }
}

/** The records of an entry, from its text. */
export function recordsOfEntry(text: string): WrittenRecord[] {
  return text.split('\n').map((line) => writtenRecord(JSON.parse(line), line))
}
