import type { FleetNode, SearchHit, SearchKind } from '@steward/model/generated/steward.ts'
import { findCommands } from '#capabilities/commands/index.ts'
import { findDocuments } from '#capabilities/documents/index.ts'
import { findNodesByText } from '#capabilities/nodes/index.ts'
import { findParameters } from '#capabilities/parameters/index.ts'
import type { Reader } from '#db/database.ts'
import type { OpenCall } from '#kernel/declare.ts'
import { anyOf, type Part, readParts } from '../parts.ts'
import { steward } from '../steward.ts'

const HITS = 6

const ACTIONS: Readonly<Record<SearchKind, string>> = {
  Node: 'ssm:DescribeInstanceInformation',
  Document: 'ssm:ListDocuments',
  Parameter: 'ssm:DescribeParameters',
  Command: 'ssm:ListCommands',
}

type Find = (reader: Reader, text: string, limit: number, call: OpenCall) => Promise<SearchHit[]>

const FIND: Readonly<Record<SearchKind, Find>> = {
  Node: async (reader, text, limit, { scope, now }) =>
    (await findNodesByText(reader, scope, text, now, limit)).map(nodeHit),
  Document: async (reader, text, limit, { scope }) =>
    (await findDocuments(reader, scope, text, limit)).map(({ name, type, displayName }) => ({
      Kind: 'Document',
      Id: name,
      Title: displayName ?? name,
      Description: type,
    })),
  Parameter: async (reader, text, limit, { scope }) =>
    (await findParameters(reader, scope, text, limit)).map(({ name, type, description }) => ({
      Kind: 'Parameter',
      Id: name,
      Title: name,
      Description: description ?? type,
    })),
  Command: async (reader, text, limit, { scope }) =>
    (await findCommands(reader, scope, text, limit)).map((command) => ({
      Kind: 'Command',
      Id: command.CommandId,
      Title: command.Comment ?? command.DocumentName,
      Description: command.DocumentName,
      Status: command.StatusDetails,
      Date: command.RequestedDateTime,
    })),
}

/** Our own operation: nodes, documents, names of parameters and recent commands that a text is found in; of each only what the caller may list (CON-07). */
export const Search = steward.open('Search', {
  access: ({ Kinds }, { scope }) =>
    anyOf(
      scope,
      kindsOf(Kinds).map((kind) => ACTIONS[kind]),
    ),

  async handle({ Query, Kinds, MaxResultsPerKind: limit = HITS }, call) {
    const kinds = kindsOf(Kinds)
    const parts = kinds.map((kind): [SearchKind, Part<SearchHit[]>] => [
      kind,
      { action: ACTIONS[kind], read: (reader) => FIND[kind](reader, Query.trim(), limit + 1, call) },
    ])
    const { read, withheld } = await readParts<Record<string, SearchHit[]>>(call, Object.fromEntries(parts))
    const groups = kinds.flatMap((kind) => {
      const hits = read[kind] ?? []
      return hits.length > 0 ? [{ Kind: kind, Hits: hits.slice(0, limit), More: hits.length > limit }] : []
    })
    return { Groups: groups, Withheld: withheld }
  },
})

function kindsOf(asked: readonly SearchKind[] | undefined): SearchKind[] {
  const all = Object.keys(ACTIONS) as SearchKind[]
  return asked?.length ? all.filter((kind) => asked.includes(kind)) : all
}

function nodeHit(node: FleetNode): SearchHit {
  const platform = [node.PlatformName, node.PlatformVersion].filter(Boolean).join(' ')
  const Title = node.Name ?? node.ComputerName ?? node.InstanceId
  const Description = [node.InstanceId, node.IPAddress, platform].filter(Boolean).join(' · ')
  return { Kind: 'Node', Id: node.InstanceId, Title, Description, Status: node.PingStatus, Date: node.LastPingDateTime }
}
