import type { ssm } from '@steward/model'
import { Api, type Wire } from '#api.ts'
import { connection } from '#connection.ts'
import { type Io, paint, type Style } from '#io.ts'
import { pages } from '#pages.ts'
import { ago, table } from '#table.ts'

type Node = Wire<ssm.InstanceInformation>

/** Lists all nodes of the Region, those that are connected first. */
export async function nodeList(io: Io, options: { json?: boolean }): Promise<void> {
  const api = new Api(connection(io.env))
  const nodes = await pages(
    (NextToken) => api.ssm('DescribeInstanceInformation', { MaxResults: 50, NextToken }),
    ({ InstanceInformationList }) => InstanceInformationList,
  )
  if (options.json) io.stdout.write(`${JSON.stringify(nodes, null, 2)}\n`)
  else if (nodes.length === 0) io.stderr.write('No node is enrolled yet. Enrol one: npx steward node add\n')
  else io.stdout.write(colourStates(io, nodeTable(nodes, Date.now())))
}

/** The table without colours. */
export function nodeTable(nodes: readonly Node[], now: number): string {
  const online = (node: Node) => Number(node.PingStatus === 'Online')
  const sorted = nodes.toSorted(
    (a, b) => online(b) - online(a) || nameOf(a).localeCompare(nameOf(b)) || idOf(a).localeCompare(idOf(b)),
  )
  const rows = sorted.map((node) => [
    idOf(node),
    nameOf(node),
    node.PingStatus ?? '',
    [node.PlatformName, node.PlatformVersion].filter(Boolean).join(' '),
    node.AgentVersion ?? '',
    node.LastPingDateTime === undefined ? 'never' : ago(now - node.LastPingDateTime * 1000),
  ])
  return table(['ID', 'NAME', 'PING', 'PLATFORM', 'AGENT', 'LAST PING'], rows)
}

function idOf(node: Node): string {
  return node.InstanceId ?? ''
}

function nameOf(node: Node): string {
  return node.Name || node.ComputerName || ''
}

const COLOURS: Record<string, Style> = { Online: 'green', ConnectionLost: 'red', Inactive: 'yellow' }

function colourStates(io: Io, text: string): string {
  return text.replace(/(?<= {2})(Online|ConnectionLost|Inactive)(?= {2})/g, (state) =>
    paint(io, io.stdout, COLOURS[state]!, state),
  )
}
