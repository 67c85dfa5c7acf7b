import { ApiError } from '#kernel/api-error.ts'
import type { AuditRecord, WrittenRecord } from '#kernel/audit-record.ts'
import type { AuditTrail } from '#kernel/declare.ts'
import type { Note } from './messages.ts'

/** The audit trail as a reading thread has it: what it takes in goes to the first thread's, ahead of the answer. */
export class ReadingTrail implements AuditTrail {
  readonly #note: (note: Note) => void
  readonly #written: (record: AuditRecord) => WrittenRecord
  readonly #waiting = new Map<number, { resolve(): void; reject(error: Error): void }>()
  #flushes = 0

  /** `written` is how the trail has records written down. */
  constructor(note: (note: Note) => void, written: (record: AuditRecord) => WrittenRecord) {
    this.#note = note
    this.#written = written
  }

  push(record: AuditRecord): undefined {
    this.#note({ kind: 'audit', record: this.#written(record) })
  }

  flush(): Promise<void> {
    const number = this.#flushes++
    this.#note({ kind: 'flush', number })
    return new Promise((resolve, reject) => this.#waiting.set(number, { resolve, reject }))
  }

  /** The first thread says what became of a flush. */
  flushed(number: number, failed: boolean): void {
    const waiting = this.#waiting.get(number)
    this.#waiting.delete(number)
    if (failed) waiting?.reject(new ApiError('ServiceUnavailable', 'The audit trail cannot be written at the moment.'))
    else waiting?.resolve()
  }

  add(): never {
    throw new Error('A reading thread writes nothing.')
  }

  added(): never {
    throw new Error('A reading thread writes nothing.')
  }

  get proof(): never {
    throw new Error('A reading thread proves nothing.')
  }
}
