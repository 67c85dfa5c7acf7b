/** What the capability that keeps the audit trail gives the door, and what it gets to live on. */
import type { Database, Tx } from '#db/database.ts'
import type { AuditRecord, WrittenRecord } from '../audit-record.ts'
import type { Logger } from '../logger.ts'

/** Keeps the records of calls, each chained to the one before. */
export interface AuditTrail {
  /** Puts a record into the transaction: it is there exactly if the rest of it is. Call {@link added} after the commit. */
  add(tx: Tx, record: AuditRecord): Promise<void>
  added(): void
  /**
   * Takes a record in, to be written within a fraction of a second, together with others. A promise asks the caller to wait for room
   * before it answers; it rejects with `ServiceUnavailable` when the trail cannot be written and takes no more.
   */
  push(record: AuditRecord): Promise<void> | undefined
  /**
   * Resolves once the record is durable; it joins the chain soon. Rejects with `ServiceUnavailable` when the trail cannot be
   * written, and then the record waits like those of {@link push}.
   */
  write(record: AuditRecord): Promise<void>
  /** Resolves once all records handed in before are durable, chained, and found by lookups. */
  flush(): Promise<void>
  /** What shows that the trail is whole, and is not in the database. */
  readonly proof: AuditProof
}

export interface AuditProof {
  /** The installation's seal on a text; nobody else can make it. */
  seal(text: string): string
  /** A recent end of the chain, as it was noted outside of the database; undefined if none was. */
  witness(): AuditWitness | undefined
}

/** The chain had this hash when it had this many records. */
export interface AuditWitness {
  readonly records: number
  readonly hash: string
}

/** What the house gives the audit trail to live on. */
export interface AuditTrailParts {
  readonly database: Database
  readonly log: Logger
  readonly key: Uint8Array
  /** Undefined where the database does not outlive the process. */
  readonly witness: { read(): AuditWitness | undefined; write(witness: AuditWitness): void } | undefined
}

/** The audit trail as the house runs it. */
export interface RunningAuditTrail extends AuditTrail {
  /** The same for what another thread has written down. */
  push(record: AuditRecord | WrittenRecord): Promise<void> | undefined
  write(record: AuditRecord | WrittenRecord): Promise<void>
  /** Writes what is left and notes the end of the chain. */
  stop(): Promise<void>
  /** Forgets what it knew of a database that was emptied. */
  forget(): void
}
