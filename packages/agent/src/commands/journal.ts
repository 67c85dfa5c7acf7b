/*
 * The journal of one command: a file of records that is only appended to. A record that must not be lost is on the disk
 * before the agent acts on it; the others follow with the next one that must. Each line is a checksum and JSON. A last
 * line without its newline is a write that a crash cut off: it was never acted on, and is dropped. Anything else that
 * does not read is damage, and the reader is told so.
 */
import { createHash } from 'node:crypto'
import { type FileHandle, open, readFile, rename, rm, truncate } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import {
  applyRecord,
  type CommandState,
  emptyState,
  type JournalRecord,
  type ScriptRecord,
} from '#commands/journal-record.ts'
import { syncDirectory } from '#durable-file.ts'
import { Detached } from '#stop-reason.ts'

/** A journal that cannot be read. */
export class CorruptJournal extends Error {
  override readonly name = 'CorruptJournal'
}

export class Journal {
  readonly state: CommandState = emptyState()
  #path: string
  readonly #file: FileHandle
  #writing: Promise<void> = Promise.resolve()
  #closed = false
  /** Bytes that hold whole records. */
  #length = 0

  private constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
  }

  /** Begins a journal; throws when there is one at that path. Durable when the first record is. */
  static async create(path: string, first: JournalRecord): Promise<Journal> {
    const journal = new Journal(path, await open(path, 'ax', 0o600))
    try {
      await Promise.all([journal.append(first, 'durable'), syncDirectory(dirname(path))])
      return journal
    } catch (error) {
      // An empty journal would make the next delivery of the command look like a repetition.
      await journal.close()
      await rm(path, { force: true })
      throw error
    }
  }

  /** Reads a journal and goes on with it; undefined when nothing was ever accepted in it. Throws CorruptJournal. */
  static async open(path: string): Promise<Journal | undefined> {
    const bytes = await readFile(path)
    const whole = bytes.lastIndexOf('\n') + 1
    if (whole === 0) return undefined
    const records = parseLines(bytes.toString('utf8', 0, whole))
    if (whole < bytes.length) await truncate(path, whole)
    const journal = new Journal(path, await open(path, 'a', 0o600))
    journal.#length = whole
    for (const record of records) applyRecord(journal.state, record)
    return journal
  }

  script(key: string): ScriptRecord | undefined {
    return this.state.scripts.get(key)
  }

  mayRun(keys: string): boolean {
    return [...this.state.scripts].some(([key, { end }]) => key.startsWith(keys) && end === undefined)
  }

  /**
   * Adds a record; with `durable` it, and every record before it, is on the disk when the promise resolves. Throws
   * Detached after `close`.
   */
  append(record: JournalRecord, durable?: 'durable'): Promise<void> {
    return this.appendAll([record], durable)
  }

  /** Adds records with one write. */
  appendAll(records: JournalRecord[], durable?: 'durable'): Promise<void> {
    const written = this.#writing.then(() => this.#write(records, durable))
    this.#writing = written.catch(() => {})
    return written
  }

  /** Moves the file into another directory; the journal can still be appended to. */
  async moveTo(directory: string): Promise<void> {
    const target = join(directory, basename(this.#path))
    await rename(this.#path, target)
    this.#path = target
  }

  /** Nothing is written any more. What is being written now comes to its end first. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#writing
    await this.#file.close().catch(() => {})
  }

  async #write(records: JournalRecord[], durable: 'durable' | undefined): Promise<void> {
    if (this.#closed) throw new Detached()
    const lines = Buffer.from(records.map(formatLine).join(''))
    try {
      await this.#file.appendFile(lines)
      if (durable) await this.#file.datasync()
    } catch (error) {
      // A full disk may have taken half a line; the next record must not be glued to it.
      await this.#file.truncate(this.#length).catch(() => {})
      throw error
    }
    this.#length += lines.length
    for (const record of records) applyRecord(this.state, record)
  }
}

function formatLine(record: JournalRecord): string {
  const json = JSON.stringify(record)
  return `${checksum(json)} ${json}\n`
}

function parseLines(text: string): JournalRecord[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const json = line.slice(checksumLength + 1)
      if (line.slice(0, checksumLength + 1) !== `${checksum(json)} `)
        throw new CorruptJournal(`Line ${index + 1} is damaged.`)
      // The checksum proves that this program wrote it.
      return JSON.parse(json) as JournalRecord
    })
}

const checksumLength = 16

function checksum(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, checksumLength)
}
