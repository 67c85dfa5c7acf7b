import type { AuditRecord, WrittenRecord } from '#kernel/audit-record.ts'
import type { AuditTrail } from '#kernel/declare.ts'
import type { Note } from './messages.ts'

/** The audit trail as a reading thread has it: what it takes in goes to the first thread's, ahead of the answer. */
export class ReadingTrail implements AuditTrail {
  readonly #note: (note: Note) => void
  readonly #written: (record: AuditRecord) => WrittenRecord

  /** `written` is how the trail has records written down. */
  constructor(note: (note: Note) => void, written: (record: AuditRecord) => WrittenRecord) {
    this.#note = note
    this.#written = written
  }

  push(record: AuditRecord): undefined {
    this.#note({ kind: 'audit', record: this.#written(record) })
  }

  write = onlyReads
  flush = onlyReads
  add = onlyReads
  added = onlyReads

  get proof(): never {
    return onlyReads()
  }
}

function onlyReads(): never {
  throw new Error('A reading thread only reads.')
}
