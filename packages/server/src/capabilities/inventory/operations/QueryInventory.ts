import { gatheredScopes, gatheringDemand } from '#capabilities/gathered.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { AuditTrail } from '#kernel/declare.ts'
import { QueryTooLarge, tablesFor } from '../query/query-tables.ts'
import { type QueryAnswer, QueryEnded, type QueryJob, runQuery } from '../query/run-query.ts'
import { steward } from '../steward.ts'

const ROWS = 1000
const WITHIN_MS = 15_000
const AT_ONCE = 3

/** Queries that run, by server. */
const running = new WeakMap<AuditTrail, number>()

/**
 * Our own operation: one `select` in SQLite's dialect over the inventory, each type a table. It reads what `GetInventory` shows, changes
 * nothing, and ends after 15 seconds or at the limit of rows, which is 1,000 unless said. With a sync it is about all Regions that that
 * gathers, and each table says which in the column `region`.
 */
export const QueryInventory = steward.open('QueryInventory', {
  access: ({ SyncName }, call) => gatheringDemand('ssm:GetInventory', call, SyncName),

  async handle({ Query: query, MaxResults: limit = ROWS, SyncName }, call) {
    const began = performance.now()
    const { now, audit, signal } = call
    const already = running.get(audit) ?? 0
    if (already >= AT_ONCE) throw new ApiError('ThrottlingException', `${AT_ONCE} queries run already. Try again.`)
    running.set(audit, already + 1)
    try {
      const tables = await call.read(async (db) => {
        const scopes = await gatheredScopes(db, call, SyncName)
        return tablesFor({ db, scopes, isGathered: SyncName !== undefined, now }, query)
      })
      const { columns, rows, truncated } = answerOf(await run({ tables, query, limit }, signal))
      return {
        Columns: [...columns],
        Rows: rows.map((row) => toRow(columns, row)),
        Truncated: truncated,
        Milliseconds: Math.round(performance.now() - began),
      }
    } catch (error) {
      if (error instanceof QueryTooLarge) throw tooLarge(`${error.message} Ask for less.`)
      throw error
    } finally {
      running.set(audit, running.get(audit)! - 1)
    }
  },
})

async function run(job: QueryJob, signal: AbortSignal): Promise<QueryAnswer> {
  try {
    return await runQuery(job, WITHIN_MS, signal)
  } catch (error) {
    if (!(error instanceof QueryEnded)) throw error
    throw tooLarge(`The query was ended. ${error.message} It may take ${WITHIN_MS / 1000} s.`)
  }
}

function answerOf(answer: QueryAnswer): Exclude<QueryAnswer, { fault: string }> {
  if (!('fault' in answer)) return answer
  throw new ApiError('InvalidInventoryQuery', `The query cannot be run: ${answer.fault}`)
}

/** Values that are null are left out. */
function toRow(columns: readonly string[], values: readonly (string | null)[]): Record<string, string> {
  const known = columns.map((name, index) => [name, values[index]] as const)
  return Object.fromEntries(known.filter((pair): pair is readonly [string, string] => typeof pair[1] === 'string'))
}

function tooLarge(why: string): ApiError {
  return new ApiError('InventoryQueryTooLarge', why)
}
