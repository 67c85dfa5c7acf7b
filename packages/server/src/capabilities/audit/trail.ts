/**
 * Writes audit records. Those of writes come as part of the write's own transaction: they are durable exactly if it is, and join the
 * chain later; so do, in a transaction of their own, those that must be durable before a call is answered. All others wait in memory
 * and are written together, at most every {@link ROUND_MS}. So a crash can lose no record of anything that was changed, and of the
 * rest what came in the last moment and was not asked to be recorded first.
 *
 * Rounds are the only ones that add to the chain, one round at a time. A round takes everything that is there when it begins and
 * adds it in links, each in a transaction of its own, so what joins the chain leaves the list of those that wait in the same step.
 * A round that fails leaves its records where they were, for the next.
 *
 * The queue is bounded. Calls that make it longer than that wait for a round before they are answered, and are refused if the round
 * fails: what is not on record is not told.
 */
import { createHmac } from 'node:crypto'
import { writtenAtEnd } from '#db/at-end.ts'
import { noteChange } from '#db/changes.ts'
import type { Reader, Tx } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
import { type AuditRecord, instantOf, type WrittenRecord } from '#kernel/audit-record.ts'
import type { AuditProof, AuditTrailParts, RunningAuditTrail } from '#kernel/declare.ts'
import { emitCalls } from './call-events.ts'
import { type Head, headAfter, sealed } from './chain.ts'
import { joinedMarks } from './marks.ts'
import { addUnsealed, findEntry, insertEntry, insertSeal, isEnd, readHead, textsOf, unsealedIds } from './store.ts'
import { hasNoted } from './verify.ts'
import { recordsOfEntry, writtenRecord } from './written-record.ts'

/** From the first record that waits to the round that writes it. */
const ROUND_MS = 100
/** After a round that failed. */
const RETRY_MS = 1_000
/** From a new end of the chain to its note outside of the database. */
const WITNESS_MS = 10_000
/** Beyond this, calls wait for the next round; beyond twice as much, they are refused. */
const MOST_WAITING = 8_192
const MOST_WAITING_CHARACTERS = 32 * 1024 * 1024
/** Of one link. */
const MOST_RECORDS = 512
const MOST_CHARACTERS = 1024 * 1024
/** The longest time that one link may span; lookups count on it. */
export const LINK_SPAN_MS = 60_000
/** Of one entry. */
const MOST_TOGETHER = 32

/** Records on their way into the chain, which are not parted. */
interface Item {
  readonly records: readonly WrittenRecord[]
  /** Undefined if they come from the queue. */
  readonly entry: string | undefined
}

export class Trail implements RunningAuditTrail {
  readonly proof: AuditProof
  readonly #parts: AuditTrailParts
  #queue: WrittenRecord[] = []
  #characters = 0
  /** Whether entries may wait in the database; an earlier process may have left some. */
  #unsealed = true
  /** Whether some of the queue may be among them: it was written, and nobody heard of it. */
  #doubtful = false
  /** What went into a transaction, by entry, to spare reading it again; of what was undone some may be left. */
  #made = new Map<string, readonly WrittenRecord[]>()
  #head: Head | undefined
  #timer: NodeJS.Timeout | undefined
  #witnessTimer: NodeJS.Timeout | undefined
  /** Whether the chain was found to lack what was noted of it. */
  #contradicted = false
  #round: Promise<void> | undefined
  #nextRound: Promise<void> | undefined
  #stopped = false

  constructor(parts: AuditTrailParts) {
    this.#parts = parts
    this.proof = {
      seal: (text) => createHmac('sha256', parts.key).update(text).digest('base64url'),
      witness: () => parts.witness?.read(),
    }
  }

  async add(tx: Tx, record: AuditRecord): Promise<void> {
    this.#addAtEnd(tx, writtenRecord(record))
  }

  readonly #addAtEnd = writtenAtEnd(async (tx, all: readonly WrittenRecord[]) => {
    for (let rest = all; rest.length > 0; ) {
      const records = ofOneTime(rest.slice(0, MOST_TOGETHER))
      rest = rest.slice(records.length)
      const { id } = records[0]!
      const text = records.map((record) => record.text).join('\n')
      await addUnsealed(tx, id, text)
      if (this.#made.size >= MOST_RECORDS) this.#made.clear()
      this.#made.set(id, records)
    }
  })

  added(): void {
    this.#unsealed = true
    this.#schedule(ROUND_MS)
  }

  async write(record: AuditRecord | WrittenRecord): Promise<void> {
    const written = toWritten(record)
    try {
      await this.#parts.database.write(async (tx) => this.#addAtEnd(tx, written))
    } catch (error) {
      // It happened all the same, and may have been written as well.
      this.#unsealed = true
      this.#doubtful = true
      this.push(written)?.catch(() => {})
      throw error
    }
    this.added()
  }

  push(record: AuditRecord | WrittenRecord): Promise<void> | undefined {
    if (this.#queue.length >= 2 * MOST_WAITING || this.#characters >= 2 * MOST_WAITING_CHARACTERS) {
      return Promise.reject(new ApiError('ServiceUnavailable', 'The audit trail cannot be written at the moment.'))
    }
    const written = toWritten(record)
    this.#queue.push(written)
    this.#characters += written.text.length
    if (this.#queue.length >= MOST_WAITING || this.#characters >= MOST_WAITING_CHARACTERS) return this.flush()
    this.#schedule(ROUND_MS)
    return undefined
  }

  flush(): Promise<void> {
    if (this.#nextRound) return this.#nextRound
    if (!this.#round) return this.#begin()
    // What was handed in just now may have come too late for the round that runs.
    this.#nextRound = this.#round.catch(() => {}).then(() => this.#begin())
    return this.#nextRound
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    clearTimeout(this.#witnessTimer)
    await this.flush().catch((error) => this.#parts.log.error({ err: error }, 'audit records were lost at the end'))
    this.#writeWitness()
  }

  forget(): void {
    this.#head = undefined
  }

  #schedule(milliseconds: number): void {
    if (this.#timer || this.#stopped) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.flush().catch((error) => {
        this.#parts.log.error({ err: error, waiting: this.#queue.length }, 'audit records could not be written yet')
        this.#schedule(RETRY_MS)
      })
    }, milliseconds)
  }

  #begin(): Promise<void> {
    this.#nextRound = undefined
    this.#round = this.#runRound().finally(() => {
      this.#round = undefined
    })
    return this.#round
  }

  async #runRound(): Promise<void> {
    try {
      await this.#sealAll()
    } catch (error) {
      if (!(error instanceof ChainGone)) throw error
      await this.#sealAll()
    }
  }

  async #sealAll(): Promise<void> {
    const queued = this.#queue.length
    const found = this.#unsealed ? await this.#sealEntries() : 0
    for (let left = queued - found; left > 0; ) left -= await this.#sealQueued(Math.min(left, MOST_RECORDS))
  }

  /** Adds what waits in the database; resolves with how many of the queue were among it. */
  async #sealEntries(): Promise<number> {
    const { database } = this.#parts
    const doubtful = this.#doubtful
    this.#unsealed = false
    this.#doubtful = false
    let found = 0
    try {
      for (;;) {
        const items = await database.read((reader) => this.#unsealedItems(reader))
        for (let rest = items; rest.length > 0; ) {
          const link = fitting(rest)
          await this.#seal(link)
          if (doubtful) found += this.#takeOut(link)
          rest = rest.slice(link.length)
        }
        if (items.length < MOST_RECORDS) return found
      }
    } catch (error) {
      this.#unsealed = true
      this.#doubtful ||= doubtful
      throw error
    }
  }

  /** Takes out of the queue what joined the chain as an entry; answers how many that were. */
  #takeOut(items: readonly Item[]): number {
    const ids = new Set(items.flatMap(({ records }) => records.map(({ id }) => id)))
    const before = this.#queue.length
    this.#queue = this.#queue.filter(({ id }) => !ids.has(id))
    this.#characters = this.#queue.reduce((sum, { text }) => sum + text.length, 0)
    return before - this.#queue.length
  }

  async #unsealedItems(reader: Reader): Promise<readonly Item[]> {
    const ids = await unsealedIds(reader, MOST_RECORDS)
    const made = this.#takeMade(ids)
    const texts = await textsOf(
      reader,
      ids.filter((id) => !made.get(id)),
    )
    return ids.map((entry) => ({ records: made.get(entry) ?? recordsOfEntry(texts.get(entry)!), entry }))
  }

  /** What these entries were made of, where that is known. The others move to a new Map: what leaves an old one outlives collections. */
  #takeMade(ids: readonly string[]): ReadonlyMap<string, readonly WrittenRecord[]> {
    const made = this.#made
    const taken = new Set(ids)
    this.#made = new Map([...made].filter(([id]) => !taken.has(id)))
    return made
  }

  /** Adds up to `most` records of the queue; resolves with how many it took. */
  async #sealQueued(most: number): Promise<number> {
    const items = this.#queue.slice(0, most).map((one): Item => ({ records: [one], entry: undefined }))
    const count = await this.#seal(fitting(items))
    for (const { text } of this.#queue.splice(0, count)) this.#characters -= text.length
    return count
  }

  /** Adds one link; resolves with the number of its records once it is durable. */
  async #seal(items: readonly Item[]): Promise<number> {
    const { database } = this.#parts
    const waited = items.flatMap(({ entry }) => entry ?? [])
    const entries = waited.length > 0 ? waited : [items[0]!.records[0]!.id]
    if (!this.#head && waited.length === 0) {
      // Of a round that failed nobody knows whether it was written after all.
      const kept = await database.read((reader) => findEntry(reader, entries[0]!))
      if (kept !== undefined) return sameAsKept(items, kept)
    }
    const head = this.#head ?? (await this.#findHead())
    const records = items.flatMap((item) => item.records)
    const lines = records.map(({ text }) => text)
    // In the order of ids, which is that of time.
    const ids = records.map(({ id }) => id).sort()
    const link = { entries, lines, firstAt: timeOf(ids[0]!), lastAt: timeOf(ids.at(-1)!) }
    const row = sealed(head, link, this.proof.seal)
    const { marks, filter } = joinedMarks(records.map((record) => record.marks))
    const changed = records.flatMap(({ id, change }) => (change ? [id] : []))
    try {
      await database.write(async (tx) => {
        if (!(await isEnd(tx, head))) throw new ChainGone('The chain does not end where it did.')
        if (waited.length === 0) await insertEntry(tx, entries[0]!, lines.join('\n'))
        await insertSeal(tx, { ...row, filter }, marks, waited)
        await emitCalls(tx, records)
        // Whoever looks at the trail on being told of a call that only looked would be told again.
        if (changed.length > 0) noteChange(tx, { kind: 'audit', ids: changed })
      })
    } catch (error) {
      this.#head = undefined
      throw error
    }
    this.#head = headAfter(row)
    this.#witnessTimer ??= setTimeout(() => this.#writeWitness(), WITNESS_MS).unref()
    return items.length
  }

  /** The end of the chain. Another chain than the one that was noted is told in the log, and what was noted is kept to prove it. */
  async #findHead(): Promise<Head> {
    const { database, witness, log } = this.#parts
    return database.read(async (reader) => {
      const head = await readHead(reader)
      const noted = witness?.read()
      if (!noted || this.#contradicted || (await hasNoted(reader, head, noted))) return head
      this.#contradicted = true
      log.error(
        { noted, records: head.records },
        'the audit trail is not the one whose end was noted: see docs/audit.md',
      )
      return head
    })
  }

  #writeWitness(): void {
    this.#witnessTimer = undefined
    // It is noted anew once somebody took the old note away.
    this.#contradicted &&= this.#parts.witness?.read() !== undefined
    if (!this.#head || this.#contradicted) return
    const { records, hash } = this.#head
    try {
      this.#parts.witness?.write({ records, hash })
    } catch (error) {
      this.#parts.log.error({ err: error }, 'the end of the audit trail could not be noted')
    }
  }
}

/** Test mode emptied the database in the middle of a round. */
class ChainGone extends Error {
  override readonly name = 'ChainGone'
}

function toWritten(record: AuditRecord | WrittenRecord): WrittenRecord {
  return 'text' in record ? record : writtenRecord(record)
}

/** How many of the items, which are records of the queue, an entry begins with; it may have had others behind them. */
function sameAsKept(items: readonly Item[], kept: string): number {
  const lines = kept.split('\n')
  const other = items.findIndex(({ records }, index) => records[0]!.text !== lines[index])
  return other < 0 ? items.length : Math.max(other, 1)
}

/** The first of the items that may share a link: not too long, and of about the same time. One at least. */
function fitting(items: readonly Item[]): readonly Item[] {
  const start = instantIn(items[0]!.records)
  let characters = 0
  const end = items.findIndex(({ records }, index) => {
    for (const { text } of records) characters += text.length
    return index > 0 && (characters > MOST_CHARACTERS || records.some((one) => isApart(one, start)))
  })
  return end < 0 ? items : items.slice(0, end)
}

/** The first of the records that may share an entry, and so a link. One at least. */
function ofOneTime(records: readonly WrittenRecord[]): readonly WrittenRecord[] {
  const start = instantIn(records)
  const end = records.findIndex((one) => isApart(one, start))
  return end < 0 ? records : records.slice(0, end)
}

function isApart({ id }: WrittenRecord, start: number): boolean {
  return Math.abs((instantOf(id) ?? 0) - start) > LINK_SPAN_MS / 2
}

/** Of the first of them, in epoch milliseconds. */
function instantIn(records: readonly WrittenRecord[]): number {
  return instantOf(records[0]!.id) ?? 0
}

/** ISO text, to the millisecond. */
function timeOf(eventId: string): string {
  return new Date(instantOf(eventId) ?? 0).toISOString()
}
