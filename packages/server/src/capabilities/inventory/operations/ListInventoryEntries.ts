import type { InventoryFilter } from '@steward/model/generated/ssm.ts'
import { findNodes, listNodes, nodeArn } from '#capabilities/nodes/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import type { Call } from '#kernel/declare.ts'
import { complianceContents } from '../compliance-type.ts'
import { entrySatisfies, toDemands } from '../condition.ts'
import { derivedEntries } from '../derived-type.ts'
import type { Entry } from '../entry-codec.ts'
import { invalidFilter, invalidTypeName, noSuchNode } from '../errors.ts'
import { AWS_TYPES, isCompliance } from '../inventory-type.ts'
import { contentOf, itemsOf } from '../item-store.ts'

const PAGE = 50

/** What one node reported of one type (INV-14), in the order in which it told it. */
export const ListInventoryEntries = ssm.read('ListInventoryEntries', {
  access: (input, { scope }) => ({ action: 'ssm:ListInventoryEntries', resources: [nodeArn(scope, input.InstanceId)] }),

  async handle({ InstanceId, TypeName, Filters = [], MaxResults: limit = PAGE }, call) {
    if (!TypeName.startsWith('Custom:') && !AWS_TYPES.has(TypeName)) throw invalidTypeName(TypeName)
    const [node] = await findNodes(call.db, call.scope, [InstanceId])
    if (!node) throw noSuchNode(InstanceId)
    const conditions = conditionsOf(TypeName, Filters)
    const { entries, ...item } = await entriesOf(call, InstanceId, TypeName)
    const found = entries.filter((entry) => entrySatisfies(entry, conditions))
    const from = call.cursor<number>() ?? 0
    return {
      TypeName,
      InstanceId,
      ...item,
      Entries: found.slice(from, from + limit),
      NextToken: call.nextToken(from + limit < found.length ? from + limit : undefined),
    }
  },
})

/** Keys are names of attributes, with the type before them or without. */
function conditionsOf(typeName: string, filters: readonly InventoryFilter[]) {
  const keyed = filters.map((filter) => {
    const { Key = '' } = filter
    return Key.startsWith(`${typeName}.`) ? filter : { ...filter, Key: `${typeName}.${Key}` }
  })
  const foreign = filters.find(({ Key = '' }) => /^(AWS|Custom):/.test(Key) && !Key.startsWith(`${typeName}.`))
  if (foreign) throw invalidFilter(`${foreign.Key} is of another type than ${typeName}.`)
  const demands = toDemands(keyed, { customNames: [typeName], mayAskExists: true })
  return demands.flatMap((demand) => ('conditions' in demand ? demand.conditions : []))
}

async function entriesOf(
  { db, scope, now }: Call,
  nodeId: string,
  typeName: string,
): Promise<{ entries: readonly Entry[]; SchemaVersion?: string; CaptureTime?: string }> {
  const type = AWS_TYPES.get(typeName)
  if (isCompliance(typeName)) {
    const content = (await complianceContents(db, scope, typeName, [nodeId])).get(nodeId)
    return content
      ? { entries: content.entries, SchemaVersion: '1.0', CaptureTime: content.captureTime }
      : { entries: [] }
  }
  if (!type?.isDerived) {
    const item = (await itemsOf(db, nodeId)).get(typeName)
    if (!item) return { entries: [] }
    const entries = await contentOf(db, nodeId, typeName)
    return { entries, SchemaVersion: item.schema_version, CaptureTime: item.capture_time }
  }
  const isNode = { attribute: 'nodeId', operator: 'Equal', values: [nodeId] } as const
  const nodes = await listNodes(db, scope, [isNode], now, { after: undefined, limit: 1 })
  const { lastPingAt, facts } = nodes[0]!
  const entries = (await derivedEntries(db, scope, typeName, nodes, now)).get(nodeId) ?? []
  const CaptureTime = `${(lastPingAt ?? facts.registeredAt).toISOString().slice(0, 19)}Z`
  return { entries, SchemaVersion: type.versions[0]!, CaptureTime }
}
