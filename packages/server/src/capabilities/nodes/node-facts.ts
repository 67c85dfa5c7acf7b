/**
 * What is known of a node besides whether it is there: a few hundred bytes that change rarely and are listed often. So they
 * are kept twice: in columns, for filters, and as one text, for lists. A list then reads one text for each node, and a text
 * that was read before need not be parsed again; as the text is the key, what is remembered can never be stale.
 */
import type { PlatformType } from '@steward/model/generated/ssm.ts'
import { rememberedByText } from '#kernel/remembered.ts'
import { versionKey } from './node.ts'
import { searchText } from './search-text.ts'
import type { NodeTable } from './tables.ts'

export interface NodeFacts {
  readonly activationId: string
  readonly iamRole: string
  readonly registeredAt: Date
  readonly name: string | undefined
  readonly agentName: string | undefined
  readonly agentVersion: string | undefined
  readonly platformType: PlatformType | undefined
  readonly platformName: string | undefined
  readonly platformVersion: string | undefined
  readonly computerName: string | undefined
  readonly ipAddress: string | undefined
}

/** The columns that hold facts. */
export const FACT_COLUMNS = [
  'activation_id',
  'iam_role',
  'registered_at',
  'name',
  'agent_name',
  'agent_version',
  'platform_type',
  'platform_name',
  'platform_version',
  'computer_name',
  'ip_address',
] as const

export type FactColumns = Pick<NodeTable, (typeof FACT_COLUMNS)[number]>

/** Those of about 20,000 nodes. */
const REMEMBERED_CHARACTERS = 5_000_000

/** Everything that is stored for the facts in `columns`: those, the keys that versions are ordered by, and the texts. */
export function factsToStore(columns: FactColumns) {
  const { agent_version, platform_version } = columns
  return {
    ...columns,
    agent_version_key: agent_version === null ? null : versionKey(agent_version),
    platform_version_key: platform_version === null ? null : versionKey(platform_version),
    facts: JSON.stringify(FACT_COLUMNS.map((name) => columns[name])),
    search_text: searchText(columns),
  }
}

/** The facts that a text says. */
export const readFacts = rememberedByText(REMEMBERED_CHARACTERS, parse)

function parse(text: string): NodeFacts {
  const values = JSON.parse(text) as FactColumns[keyof FactColumns][]
  const columns = Object.fromEntries(FACT_COLUMNS.map((name, index) => [name, values[index]])) as FactColumns
  return {
    activationId: columns.activation_id,
    iamRole: columns.iam_role,
    registeredAt: new Date(columns.registered_at),
    name: columns.name ?? undefined,
    agentName: columns.agent_name ?? undefined,
    agentVersion: columns.agent_version ?? undefined,
    platformType: columns.platform_type ?? undefined,
    platformName: columns.platform_name ?? undefined,
    platformVersion: columns.platform_version ?? undefined,
    computerName: columns.computer_name ?? undefined,
    ipAddress: columns.ip_address ?? undefined,
  }
}
