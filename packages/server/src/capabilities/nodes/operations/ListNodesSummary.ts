import type { NodeAttributeName, NodeSummary } from '@steward/model/generated/ssm.ts'
import { noResource, ssm } from '#capabilities/ssm.ts'
import type { Call } from '#kernel/declare.ts'
import { checkSync, dimension, groupings, toCondition } from '../fleet.ts'
import type { NodeCondition } from '../node-condition.ts'
import { countNodes } from '../node-query.ts'

const PAGE = 50

/** One entry of a summary, and its place among all of them: which grouping, then the values in it. */
interface Entry {
  readonly place: readonly string[]
  readonly summary: NodeSummary
}

export const ListNodesSummary = ssm.read('ListNodesSummary', {
  access: (_input, { scope }) => ({ action: 'ssm:ListNodesSummary', resources: noResource(scope) }),

  async handle(input, call) {
    checkSync(input.SyncName)
    const conditions = (input.Filters ?? []).map((filter) => toCondition(call.scope, filter))
    const entries: Entry[] = []
    for (const [index, names] of groupings(input.Aggregators).entries()) {
      entries.push(...(await summarize(call, conditions, index, names)))
    }
    const after = call.cursor<string[]>()
    const rest = after ? entries.filter(({ place }) => compare(place, after) > 0) : entries
    const shown = rest.slice(0, input.MaxResults ?? PAGE)
    return {
      Summary: shown.map(({ summary }) => summary),
      NextToken: call.nextToken(rest.length > shown.length ? shown.at(-1)?.place : undefined),
    }
  },
})

async function summarize(
  call: Call,
  conditions: readonly NodeCondition[],
  grouping: number,
  names: readonly NodeAttributeName[],
): Promise<Entry[]> {
  const dimensions = names.map((name) => dimension(call.scope, name))
  if (dimensions.some((by) => 'shared' in by && by.shared === undefined)) return []
  const attributes = dimensions.flatMap((by) => ('attribute' in by ? [by.attribute] : []))
  const groups = await countNodes(call.db, call.scope, conditions, attributes, call.now)
  const entries = groups
    .filter(({ count }) => count > 0)
    .map(({ values, count }) => {
      const stored = values.values()
      const all = dimensions.map((by) => ('shared' in by ? by.shared! : stored.next().value!))
      const summary = { Count: String(count), ...Object.fromEntries(names.map((name, i) => [name, all[i]!])) }
      return { place: [String(grouping), ...all], summary }
    })
  return entries.sort((a, b) => compare(a.place, b.place))
}

function compare(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((text, index) => text !== b[index])
  return differs < 0 ? 0 : a[differs]! < b[differs]! ? -1 : 1
}
