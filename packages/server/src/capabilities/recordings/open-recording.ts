/**
 * One recording that goes on. What the gateway tells waits in a queue, is made into lines and chunks by {@link work}, and leaves
 * memory once that is durable. The recording that was there before a restart is read at the first round, and frames that are in it
 * are passed over; so the gateway may tell it again whatever it is not sure of.
 */
import type { CastOrigin } from '@steward/protocol/recording/cast.ts'
import type { Tx } from '#db/database.ts'
import type { AuditRecord } from '#kernel/audit-record.ts'
import type { RelayedSession, SessionRecorderParts, SessionRecording } from '#kernel/declare.ts'
import { CastWriter } from './cast-writer.ts'
import { type ChunkKey, dataKeyAad, newDataKey, sealChunk } from './chunk.ts'
import { begunRecording, type Ending } from './recording.ts'
import { seal, sealRecord } from './seal.ts'
import { findRecording, insertChunks, insertRecording, isOpen, lastChunk, setTransferred } from './store.ts'
import type { ChunkTable, RecordingTable } from './tables.ts'

/** Bytes of lines in one chunk, about. */
const CHUNK = 256 * 1024
/** Chunks that are made before others get their turn. */
const CHUNKS_AT_ONCE = 4
/** More than this waiting, and the relay is to stop; less than that, and it may go on. */
const MOST_WAITING = 4 * 1024 * 1024
const FEW_WAITING = 1024 * 1024
/** Of a command without a terminal no more is recorded: copies of files, dumps of databases. What follows is counted. */
const MOST_OF_COMMAND = 8 * 1024 * 1024
/** How often the bytes of a port session are written down. */
const TRANSFERRED_MS = 10_000

/** What the data channel calls them. */
const EXIT_CODE = 12
const SHOWN: ReadonlySet<number> = new Set([1, 2, 11])

type Happening =
  | {
      readonly kind: 'output'
      readonly frame: number
      readonly type: number
      readonly bytes: Buffer
      readonly at: number
    }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number; readonly at: number }

/** What a round is to make durable. */
interface Work {
  readonly chunks: readonly ChunkTable[]
  /** Bytes of output in it. */
  readonly bytes: number
  readonly end: { readonly ending: RecordingTable & Ending; readonly record: AuditRecord } | undefined
}

/** What is known once the database was asked. */
interface Begun {
  readonly row: RecordingTable
  readonly key: ChunkKey
  readonly writer: CastWriter
}

export class OpenRecording implements SessionRecording {
  readonly sessionId: string
  readonly #session: RelayedSession
  readonly #parts: SessionRecorderParts
  /** Tells the recorder that there is something to do, `soon` or within the usual time. */
  readonly #wake: (soon: boolean) => void
  readonly #records: boolean
  #begun: Begun | undefined
  #stored = false
  /** Sealed, by this server or by another one. */
  #closed = false
  /** Somebody else sealed it. */
  #taken = false
  #queue: Happening[] = []
  #waiting = 0
  #work: Work | undefined
  #chunks = 0
  #nextFrame = 0
  /** A server before this one took down what is there, and nothing came since. */
  #restarted = false
  /** Bytes of output that were taken down, and that were not. */
  #shown = 0
  #passed = 0
  #transferred = { toNode: 0, fromNode: 0, storedAt: 0, isNew: false }
  #endsAt: number | undefined
  #stops = false
  readonly #ended = Promise.withResolvers<void>()
  #drained: PromiseWithResolvers<void> | undefined

  constructor(session: RelayedSession, parts: SessionRecorderParts, wake: (soon: boolean) => void) {
    this.sessionId = session.sessionId
    this.#session = session
    this.#parts = parts
    this.#wake = wake
    this.#records = session.sessionType !== 'Port' && !session.encrypted
  }

  output(frame: number, type: number, payload: Uint8Array, at: number): void {
    if (!this.#records || this.#closed || this.#endsAt !== undefined) return
    if (this.#isTooMuch(type, payload)) return
    this.#queue.push({ kind: 'output', frame, type, bytes: Buffer.from(payload), at })
    this.#waiting += payload.length
    this.#wake(this.#waiting > FEW_WAITING)
  }

  #isTooMuch(type: number, { length }: Uint8Array): boolean {
    if (this.#session.sessionType !== 'NonInteractiveCommands' || !SHOWN.has(type)) return false
    if (this.#shown > MOST_OF_COMMAND) this.#passed += length
    else this.#shown += length
    return this.#passed > 0
  }

  resize(columns: number, rows: number, at: number): void {
    if (!this.#records || this.#closed || this.#endsAt !== undefined) return
    this.#queue.push({ kind: 'resize', columns, rows, at })
    this.#wake(false)
  }

  transferred(toNode: number, fromNode: number): void {
    const { storedAt } = this.#transferred
    this.#transferred = { toNode, fromNode, storedAt, isNew: true }
    if (performance.now() - storedAt > TRANSFERRED_MS) this.#wake(false)
  }

  get behind(): boolean {
    return this.#waiting > MOST_WAITING
  }

  drained(): Promise<void> {
    if (!this.behind) return Promise.resolve()
    this.#drained ??= Promise.withResolvers<void>()
    return this.#drained.promise
  }

  end(at: number): Promise<void> {
    this.#endsAt ??= at
    this.#wake(true)
    return this.#ended.promise
  }

  /** What comes next comes to another server: nothing is kept back for it. */
  stop(): void {
    this.#stops = true
    this.#wake(false)
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** Makes ready what is to be written; false if nothing is. What was not written before comes first. */
  async prepare(): Promise<boolean> {
    if (this.#closed) return false
    this.#begun ??= await this.#begin()
    if (!this.#begun) return false
    this.#work ??= await this.#make(this.#begun)
    const { chunks, bytes, end } = this.#work
    const isReady = !this.#stored || chunks.length > 0 || bytes > 0 || end !== undefined || this.#transferred.isNew
    if (!isReady) this.#work = undefined
    return isReady
  }

  /** Writes what was made ready. */
  async write(tx: Tx): Promise<void> {
    const { row } = this.#begun!
    const { chunks, end } = this.#work!
    this.#taken = this.#stored && !(await isOpen(tx, this.sessionId))
    if (this.#taken) return
    if (!this.#stored) await insertRecording(tx, row)
    await insertChunks(tx, chunks)
    if (end) await seal(tx, end.ending, end.record, this.#parts.audit)
    else if (this.#transferred.isNew) await setTransferred(tx, this.sessionId, ...this.#totals(row))
  }

  /** What was made ready is durable. True if there is more already. */
  written(): boolean {
    const { bytes, end } = this.#work!
    this.#stored = true
    this.#work = undefined
    this.#waiting -= bytes
    if (this.#transferred.isNew) this.#transferred = { ...this.#transferred, storedAt: performance.now(), isNew: false }
    if (this.#taken) this.#lose()
    else if (end) this.#close()
    if (this.#drained && (this.#closed || this.#waiting < FEW_WAITING)) {
      this.#drained.resolve()
      this.#drained = undefined
    }
    return !this.#closed && (this.#queue.length > 0 || this.#endsAt !== undefined)
  }

  /** Undefined if it was sealed before. */
  async #begin(): Promise<Begun | undefined> {
    const { database, vault } = this.#parts
    const { scope } = this.#session
    const found = await database.read((reader) => findRecording(reader, scope, this.sessionId))
    if (found?.ended_at) {
      this.#lose()
      return undefined
    }
    if (!found) {
      const secret = newDataKey()
      const row = begunRecording(this.#session, vault.seal(secret, dataKeyAad(this.sessionId)))
      return { row, key: { sessionId: this.sessionId, key: secret }, writer: this.#writer() }
    }
    this.#stored = true
    const key = { sessionId: this.sessionId, key: vault.open(found.data_key, dataKeyAad(this.sessionId)) }
    return { row: found, key, writer: await this.#continued() }
  }

  /** The writer that goes on where the one before the restart came to. */
  async #continued(): Promise<CastWriter> {
    const last = await this.#parts.database.read((reader) => lastChunk(reader, this.sessionId))
    if (!last) return this.#writer()
    this.#chunks = last.number
    this.#nextFrame = last.next_frame
    this.#restarted = true
    return this.#writer({ ...last, milliseconds: last.until_ms })
  }

  #writer(place?: ConstructorParameters<typeof CastWriter>[2]): CastWriter {
    const { sessionId, nodeId, ownerArn, documentName, sessionType, destination, startedAt } = this.#session
    const origin: CastOrigin = {
      sessionId,
      nodeId,
      owner: ownerArn,
      documentName,
      sessionType,
      destination,
      salt: this.#parts.ids.secret(22),
    }
    return new CastWriter(origin, startedAt.getTime(), place)
  }

  /** Takes from the queue what one round can write. */
  async #make(begun: Begun): Promise<Work> {
    const chunks: ChunkTable[] = []
    let taken = 0
    let bytes = 0
    for (const happening of this.#queue) {
      taken++
      if (happening.kind === 'output') bytes += happening.bytes.length
      this.#take(begun.writer, happening)
      if (begun.writer.length < CHUNK) continue
      this.#cut(begun, chunks, false)
      if (chunks.length === CHUNKS_AT_ONCE) break
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.#queue.splice(0, taken)
    const endsAt = this.#queue.length === 0 ? this.#endsAt : undefined
    if (endsAt !== undefined) this.#remarkTotals(begun, endsAt)
    this.#cut(begun, chunks, endsAt !== undefined)
    return { chunks, bytes, end: endsAt === undefined ? undefined : this.#ending(begun, endsAt) }
  }

  #take(writer: CastWriter, happening: Happening): void {
    if (happening.kind === 'resize') {
      writer.resize(happening.columns, happening.rows, happening.at)
      return
    }
    const { frame, type, bytes, at } = happening
    if (frame < this.#nextFrame) return
    if (this.#restarted) this.#remarkRestart(writer, frame - this.#nextFrame, at)
    this.#nextFrame = frame + 1
    if (SHOWN.has(type)) writer.output(bytes, at)
    else if (type === EXIT_CODE) writer.ended(/-?\d+/.exec(bytes.toString())?.[0] ?? '', at)
  }

  /** What the client acknowledged in the last moment of a server that was killed, the node does not send again. */
  #remarkRestart(writer: CastWriter, lost: number, at: number): void {
    this.#restarted = false
    writer.remark(
      lost > 0 ? `The server was restarted; ${lost} pieces of output were lost.` : 'The server was restarted.',
      at,
    )
  }

  /** Makes a chunk of what was written. */
  #cut({ writer, key }: Begun, chunks: ChunkTable[], isEnd: boolean): void {
    const piece = writer.take(isEnd || this.#stops)
    if (!piece) return
    const { written, lines, bytes, hash, milliseconds } = piece
    const number = ++this.#chunks
    const data = sealChunk(key, number, written)
    const session_id = this.sessionId
    chunks.push({ session_id, number, lines, bytes, hash, until_ms: milliseconds, next_frame: this.#nextFrame, data })
  }

  #remarkTotals({ row, writer }: Begun, at: number): void {
    if (this.#passed > 0) writer.remark(`${this.#passed} bytes of output that followed are not recorded.`, at)
    if (this.#session.sessionType !== 'Port') return
    const [toNode, fromNode] = this.#totals(row)
    writer.remark(`${toNode} bytes went to the node, ${fromNode} came from it.`, at)
  }

  /** With those from before a restart. */
  #totals({ to_node, from_node }: RecordingTable): [number, number] {
    return [to_node + this.#transferred.toNode, from_node + this.#transferred.fromNode]
  }

  #ending({ row, writer }: Begun, at: number): Work['end'] {
    const { lines, bytes, hash } = writer.place
    const [to_node, from_node] = this.#totals(row)
    const ended_at = new Date(at).toISOString()
    const ending = { ...row, ended_at, cut: 0, lines, bytes, hash, to_node, from_node }
    return { ending, record: sealRecord(ending, new Date(at), this.#parts.ids) }
  }

  #lose(): void {
    this.#parts.log.error({ sessionId: this.sessionId }, 'a session went on whose recording is sealed')
    this.#close()
  }

  #close(): void {
    this.#closed = true
    this.#queue = []
    this.#waiting = 0
    this.#drained?.resolve()
    this.#ended.resolve()
  }
}
