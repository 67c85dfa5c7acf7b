/**
 * How far an execution is, as counts on its row: they move in the transaction that moves a run, so the state of the whole is computed
 * and never guessed (STM-12). Each transaction that moves runs makes one of these for each execution and saves it last.
 */
import type { Kysely } from 'kysely'
import { noteChange } from '#db/changes.ts'
import { statement, updater } from '#db/statement.ts'
import type { Acting } from './acting.ts'
import { outlook } from './association.ts'
import { updateAssociation } from './store.ts'
import type { AssociationTables, ExecutionTable } from './tables.ts'
import { tellAssociation } from './tell-changes.ts'

const byId = statement((db: Kysely<AssociationTables>, id: string) =>
  db.selectFrom('association_execution').selectAll().where('id', '=', id),
)
const update = updater<AssociationTables>('association_execution', ['id'])

export class Progress {
  readonly #acting: Acting
  readonly #row: ExecutionTable
  readonly #before: string

  constructor(acting: Acting, row: ExecutionTable) {
    this.#acting = acting
    this.#row = { ...row }
    this.#before = row.status
  }

  static async of(acting: Acting, executionId: string): Promise<Progress> {
    const [row] = await byId(acting.db, executionId)
    if (!row) throw new Error(`There is no execution ${executionId}.`)
    return new Progress(acting, row)
  }

  get row(): Readonly<ExecutionTable> {
    return this.#row
  }

  /** How many more nodes may begin now. */
  get room(): number {
    const { concurrency_limit, in_flight } = this.#row
    if (this.tooManyErrors || this.isOver) return 0
    return Math.max(0, concurrency_limit - in_flight)
  }

  /** Whether the time that the association may take is up (Duration). */
  get isOver(): boolean {
    const { start_until } = this.#row
    return start_until !== null && start_until <= this.#acting.now.toISOString()
  }

  get tooManyErrors(): boolean {
    return this.#row.error_count > this.#row.error_limit
  }

  began(): void {
    this.#row.in_flight++
  }

  /** A node that was handed the run did not begin it. */
  takenBack(): void {
    this.#row.in_flight--
  }

  /** `count` runs have ended in the same way. */
  ended(status: string, detailedStatus: string, { inFlight, count = 1 }: { inFlight: boolean; count?: number }): void {
    const ended = JSON.parse(this.#row.ended) as Record<string, number>
    ended[status] = (ended[status] ?? 0) + count
    this.#row.ended = JSON.stringify(ended)
    if (inFlight) this.#row.in_flight -= count
    if (outlook(status) === 'Failed' && detailedStatus !== 'DeliveryTimedOut') this.#row.error_count += count
  }

  /** Nodes that will not run it any more, because they are gone. */
  left(count: number, { inFlight }: { inFlight: number }): void {
    this.#row.target_count -= count
    this.#row.in_flight -= inFlight
  }

  /** Writes what changed, and says so to those who want to know. */
  async save({ ran }: { ran: boolean }): Promise<void> {
    const row = this.#row
    const now = this.#acting.now.toISOString()
    const first = ran && row.last_run_at === null
    if (ran) row.last_run_at = now
    this.#settle(now)
    const { id: _, association_id: __, ...change } = row
    await update(this.#acting.db, [row.id], change)
    noteChange(this.#acting.db, { kind: 'associations', ids: [row.association_id], region: row.region })
    const changed = row.status !== this.#before
    if (!changed && !first) return
    await updateAssociation(
      this.#acting.db,
      { id: row.association_id, region: row.region },
      {
        status: row.status,
        detailed_status: row.detailed_status,
        ...(ran || row.target_count === 0 ? { last_run_at: now } : {}),
        ...(row.status === 'Success' ? { last_success_at: now } : {}),
      },
    )
    if (changed) await tellAssociation(this.#acting, row)
  }

  #settle(now: string): void {
    const row = this.#row
    const ended = Object.entries(JSON.parse(row.ended) as Record<string, number>)
    const count = ended.reduce((sum, [, n]) => sum + n, 0)
    if (count < row.target_count) {
      row.status = row.in_flight > 0 || count > 0 ? 'InProgress' : 'Pending'
      row.detailed_status = row.status
      return
    }
    row.ended_at ??= now
    row.status = ended.some(([status]) => outlook(status) === 'Failed') ? 'Failed' : 'Success'
    row.detailed_status = row.target_count === 0 ? 'NoInstancesInTag' : row.status
  }
}
