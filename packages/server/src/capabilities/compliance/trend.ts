/** How compliance was over time, from the periods in which it stayed the same (CMP-10). */
import type { TrendOfType, TrendPoint } from '@steward/model/generated/steward.ts'
import { type Expression, type SqlBool, sql } from 'kysely'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { isInOneOf } from './overview.ts'
import type { ComplianceTables } from './tables.ts'

/** So many nodes more, or fewer, of a type have a status from a time on. */
interface Step {
  readonly at: string
  readonly type: string
  readonly status: string
  readonly nodes: number
}

/** How many nodes were compliant with each type and how many were not, at `points` moments evenly spread from `since` until now. */
export async function complianceTrend(
  reader: Reader,
  scopes: readonly Scope[],
  conditions: readonly Expression<SqlBool>[],
  { since, now, points }: { since: Date; now: Date; points: number },
): Promise<TrendPoint[]> {
  const steps = await stepsUntil(reader, scopes, conditions, now)
  const types = new Map<string, { Compliant: number; NonCompliant: number }>()
  const apart = (now.getTime() - since.getTime()) / (points - 1)
  let done = 0
  return Array.from({ length: points }, (_, index) => {
    const date = new Date(since.getTime() + Math.round(index * apart))
    for (const text = date.toISOString(); done < steps.length && steps[done]!.at <= text; done++) {
      const { type, status, nodes } = steps[done]!
      const counts = types.get(type) ?? { Compliant: 0, NonCompliant: 0 }
      counts[status === 'COMPLIANT' ? 'Compliant' : 'NonCompliant'] += nodes
      types.set(type, counts)
    }
    return { Date: date, Types: [...types].map(toTrendOfType).sort(byType) }
  })
}

function toTrendOfType([type, counts]: [string, Omit<TrendOfType, 'ComplianceType'>]): TrendOfType {
  return { ComplianceType: type, ...counts }
}

function byType(a: TrendOfType, b: TrendOfType): number {
  return a.ComplianceType! < b.ComplianceType! ? -1 : 1
}

/** In order of time: the beginnings of periods, and their ends. */
async function stepsUntil(
  reader: Reader,
  scopes: readonly Scope[],
  conditions: readonly Expression<SqlBool>[],
  now: Date,
): Promise<Step[]> {
  const steps = await Promise.all(
    (['since', 'until'] as const).map(async (edge) => {
      let query = tables<ComplianceTables>(reader)
        .selectFrom('compliance_period')
        .select(({ fn }) => [sql.ref<string>(edge).as('at'), 'type', 'status', fn.countAll().as('nodes')])
        .where(isInOneOf(scopes))
        .where(edge, '<=', now.toISOString())
        .groupBy([edge, 'type', 'status'])
      for (const condition of conditions) query = query.where(condition)
      const sign = edge === 'since' ? 1 : -1
      return (await query.execute()).map((row) => ({ ...row, nodes: sign * Number(row.nodes) }))
    }),
  )
  return steps.flat().sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}
