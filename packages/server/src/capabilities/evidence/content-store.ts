/**
 * Where the content of a report is kept: in parts, compressed, written as they are made. Nobody sees them before the report is complete, which
 * states their digest; what is left of an attempt that was cut off is thrown away by the next.
 */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { type Database, type Reader, type Tx, tables } from '#db/database.ts'
import type { EvidenceTables } from './tables.ts'

/** Bytes of a part, before it is compressed. */
const PART = 512 * 1024
/** Of a whole content. */
export const MOST_BYTES = 256 * 1024 * 1024

const compress = promisify(gzip)
const decompress = promisify(gunzip)

/** A report about too much. */
export class ContentTooLarge extends Error {}

export interface Written {
  readonly digest: string
  readonly size: number
  readonly parts: number
}

export class ContentWriter {
  readonly #write: Database['write']
  readonly #reportId: string
  readonly #hash = createHash('sha256')
  #lines: string[] = []
  #waiting = 0
  #size = 0
  #parts = 0

  constructor(write: Database['write'], reportId: string) {
    this.#write = write
    this.#reportId = reportId
  }

  /** Throws {@link ContentTooLarge}. */
  async add(line: string): Promise<void> {
    this.#lines.push(line)
    this.#waiting += line.length
    if (this.#waiting >= PART) await this.#flush()
  }

  async end(): Promise<Written> {
    await this.#flush()
    return { digest: this.#hash.digest('hex'), size: this.#size, parts: this.#parts }
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#lines.join(''))
    this.#lines = []
    this.#waiting = 0
    if (bytes.length === 0) return
    this.#hash.update(bytes)
    this.#size += bytes.length
    if (this.#size > MOST_BYTES) throw new ContentTooLarge()
    const row = { report_id: this.#reportId, part: this.#parts++, data: await compress(bytes) }
    await this.#write((tx) => tables<EvidenceTables>(tx).insertInto('evidence_content').values(row).execute())
  }
}

/** As it is kept, compressed; undefined if it is not there. */
export async function readPart(reader: Reader, reportId: string, part: number): Promise<Uint8Array | undefined> {
  const row = await tables<EvidenceTables>(reader)
    .selectFrom('evidence_content')
    .select('data')
    .where((eb) => eb.and({ report_id: reportId, part }))
    .executeTakeFirst()
  return row?.data
}

/** The bytes of a part; undefined if they are not there, or were tampered with. */
export async function readText(read: Database['read'], reportId: string, part: number): Promise<Buffer | undefined> {
  const data = await read((reader) => readPart(reader, reportId, part))
  return data && decompress(data).catch(() => undefined)
}

export async function dropContent(tx: Tx, reportId: string): Promise<void> {
  await tables<EvidenceTables>(tx).deleteFrom('evidence_content').where('report_id', '=', reportId).execute()
}
