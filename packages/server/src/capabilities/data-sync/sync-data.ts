/**
 * Keeps the objects in the buckets equal to what is known of the nodes. Each run compares fingerprints of what there is with those of what
 * was written, node by node, and copies what differs. An object is written first and its fingerprint after it: a server that is killed
 * between the two writes the same object once more, and nothing is missed. What a run cannot do the next one tries again.
 */
import { setImmediate } from 'node:timers/promises'
import { type TypeOfNode, typesOfNodes } from '#capabilities/inventory/index.ts'
import { type ListedNode, listNodes } from '#capabilities/nodes/index.ts'
import type { Tx } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { DeliveryFailed } from '#kernel/delivery-failed.ts'
import { type BucketWriter, bucketWriter } from './bucket-writer.ts'
import { writeFailed } from './errors.ts'
import { toLines } from './layout.ts'
import {
  changeSync,
  dropObjects,
  forgetObjects,
  isThere,
  objectsOfNodes,
  recordObjects,
  syncsToDestinations,
} from './store.ts'
import type { DataSyncRow } from './tables.ts'

const NODES_AT_ONCE = 500
/** Objects that are on their way together, and whose fingerprints are then stored together. */
const OBJECTS_AT_ONCE = 16
/** After so many it is the bucket, not the objects. */
const MOST_REFUSALS = 100

export const syncData = task({
  name: 'data-sync.sync',
  everyMs: 60_000,
  async run(context) {
    const done = { written: 0, deleted: 0, failed: 0 }
    for (const sync of await context.read(syncsToDestinations)) {
      if (context.signal.aborted) break
      const run = new SyncRun(sync, context)
      try {
        await run.copyAll()
        await run.succeeded()
      } catch (error) {
        if (context.signal.aborted) break
        done.failed++
        await run.failed(error)
      }
      done.written += run.written
      done.deleted += run.deleted
    }
    return done
  },
})

/** One run of one sync. */
class SyncRun {
  written = 0
  deleted = 0
  readonly #sync: DataSyncRow
  readonly #context: TaskContext
  readonly #startedAt: string
  #status: DataSyncRow['status']
  #isWorking = false
  /** Somebody deleted the sync meanwhile. */
  #isGone = false
  /** Why objects were refused, while others went through. */
  readonly #refusals: unknown[] = []

  constructor(sync: DataSyncRow, context: TaskContext) {
    this.#sync = sync
    this.#context = context
    this.#status = sync.status
    this.#startedAt = context.now().toISOString()
  }

  async copyAll(): Promise<void> {
    const writer = await bucketWriter(this.#context, this.#sync)
    if (this.#sync.wrote_to !== writer.identity) await this.#beginWith(writer)
    const { read, now } = this.#context
    for (let after = ''; !this.#isGone; ) {
      const nodes = await read((db) => listNodes(db, this.#sync, [], now(), { after, limit: NODES_AT_ONCE }))
      const last = nodes.length < NODES_AT_ONCE ? undefined : nodes.at(-1)!.nodeId
      await this.#copyNodes(writer, nodes, { after, upTo: last })
      if (last === undefined) break
      after = last
      await setImmediate()
    }
    if (this.#refusals.length > 0) throw this.#refusals[0]
  }

  async succeeded(): Promise<void> {
    await this.#note('Successful', 'The sync was successfully completed', { last_success_at: this.#startedAt })
  }

  async failed(error: unknown): Promise<void> {
    const isExpected = error instanceof ApiError || error instanceof DeliveryFailed
    if (!isExpected) this.#context.log.error({ err: error, sync: this.#sync.name }, 'a resource data sync failed')
    const { BucketName } = JSON.parse(this.#sync.settings)
    const why = isExpected ? error.message : 'The server failed; its log says why.'
    await this.#note('Failed', writeFailed(BucketName, why))
  }

  async #note(status: DataSyncRow['status'], message: string, more: Partial<DataSyncRow> = {}): Promise<void> {
    const same = status === this.#status && message === this.#sync.message
    const change = { ...(!same && { status, message }), last_sync_at: this.#startedAt, ...more }
    await this.#context.write((tx) => changeSync(tx, this.#sync, change))
    this.#status = status
  }

  /** The bucket is another one than before, so nothing of what was written is in it. */
  async #beginWith({ identity }: BucketWriter): Promise<void> {
    await this.#context.write(async (tx) => {
      await forgetObjects(tx, this.#sync.id)
      await changeSync(tx, this.#sync, { wrote_to: identity })
    })
  }

  /** Copies what differs of these nodes, and deletes what is there of others between the two ids: they are gone. */
  async #copyNodes(
    writer: BucketWriter,
    nodes: readonly ListedNode[],
    range: { after: string; upTo: string | undefined },
  ): Promise<void> {
    const { known, sources } = await this.#context.read(async (db) => ({
      known: await objectsOfNodes(db, this.#sync.id, range),
      sources: await typesOfNodes(db, this.#sync, nodes, this.#context.now()),
    }))
    const surplus = new Map(known.map((row) => [placeOf(row.node_id, row.type_name), row]))
    const changed = sources.filter(({ nodeId, typeName, fingerprint }) => {
      const place = placeOf(nodeId, typeName)
      const before = surplus.get(place)
      surplus.delete(place)
      return before?.fingerprint !== fingerprint
    })
    if (changed.length + surplus.size > 0) await this.#working()
    this.written += await this.#inBatches(changed, {
      act: (source) => this.#copy(writer, source),
      record: (tx, done) => recordObjects(tx, this.#sync.id, done),
    })
    this.deleted += await this.#inBatches([...surplus.values()], {
      act: (row) => writer.remove(row.type_name, row.node_id),
      record: dropObjects,
    })
  }

  async #working(): Promise<void> {
    if (!this.#isWorking) await this.#note('InProgress', '')
    this.#isWorking = true
  }

  async #copy(writer: BucketWriter, source: TypeOfNode): Promise<void> {
    const entries = await this.#context.read((db) => source.entries(db))
    await writer.put(source.typeName, source.nodeId, toLines(source, entries))
  }

  /** Acts on some at a time and records those of them that worked. What is refused is left out; throws what may be better the next time. */
  async #inBatches<T>(
    all: readonly T[],
    { act, record }: { act(one: T): Promise<void>; record(tx: Tx, done: readonly T[]): Promise<void> },
  ): Promise<number> {
    let count = 0
    for (let first = 0; first < all.length && !this.#isGone; first += OBJECTS_AT_ONCE) {
      const batch = all.slice(first, first + OBJECTS_AT_ONCE)
      const outcomes = await Promise.allSettled(batch.map(act))
      const done = batch.filter((_, index) => outcomes[index]!.status === 'fulfilled')
      await this.#context.write(async (tx) => {
        this.#isGone = !(await isThere(tx, this.#sync))
        if (!this.#isGone) await record(tx, done)
      })
      count += done.length
      const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
      this.#refusals.push(...failures)
      const passing = failures.find((failure) => !isRefusal(failure))
      if (passing) throw passing
      if (this.#refusals.length >= MOST_REFUSALS) throw this.#refusals[0]
      this.#context.signal.throwIfAborted()
    }
    return count
  }
}

/** Whether it would be the same the next time, unless somebody changes something. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError || (error instanceof DeliveryFailed && !error.retry)
}

function placeOf(nodeId: string, typeName: string): string {
  return `${nodeId} ${typeName}`
}
