import type { AuditRecord, WrittenRecord } from '#kernel/audit-record.ts'
import { marksOfRecord } from './marks.ts'

/** A record with all that the trail must know of it. */
export function writtenRecord(record: AuditRecord, text = JSON.stringify(record)): WrittenRecord {
  return { id: record.eventID, text, marks: marksOfRecord(record), change: record.readOnly ? undefined : record }
}

/** The records of an entry, from its text. */
export function recordsOfEntry(text: string): WrittenRecord[] {
  return text.split('\n').map((line) => writtenRecord(JSON.parse(line), line))
}
