import type { ssm } from '@steward/model'
import type { Api, Wire } from '#api.ts'
import { Fault } from '#fault.ts'
import { pages } from '#pages.ts'

type Node = Wire<ssm.InstanceInformation>

/** The domain under which ssh knows nodes (`web-1.steward`); it is taken off. */
const SSH_DOMAIN = /\.steward$/i
const NODE_ID = /^(?:mi|i)-[0-9a-f]{8,17}$/

/**
 * The id of the node that somebody means: an id, a name (as enrolled, or as the machine calls itself), or `[tag:]KEY=VALUE`. Of several
 * nodes with a tag any connected one is taken; a name must be that of one node alone. Throws Fault.
 */
export async function findNode(api: Pick<Api, 'ssm'>, text: string): Promise<string> {
  const wanted = text.replace(SSH_DOMAIN, '')
  if (NODE_ID.test(wanted)) return wanted
  const [, key, value] = /^(?:tag:)?([^=]+)=(.*)$/s.exec(wanted) ?? []
  if (key !== undefined) return withTag(await list(api, [{ Key: `tag:${key}`, Values: [value!] }]), wanted)
  return withName(await list(api), wanted)
}

function list(api: Pick<Api, 'ssm'>, Filters?: { Key: string; Values: string[] }[]): Promise<Node[]> {
  return pages(
    (NextToken) =>
      api.ssm('DescribeInstanceInformation', { MaxResults: 50, NextToken, ...(Filters ? { Filters } : {}) }),
    ({ InstanceInformationList }) => InstanceInformationList,
  )
}

function withTag(nodes: readonly Node[], wanted: string): string {
  const online = nodes.filter(isOnline)
  const chosen = online[Math.floor(Math.random() * online.length)]
  if (chosen) return chosen.InstanceId!
  throw new Fault(
    nodes.length === 0
      ? `No node has the tag ${wanted}.`
      : `None of the ${nodes.length} nodes with the tag ${wanted} is connected.`,
    MEND,
  )
}

function withName(nodes: readonly Node[], wanted: string): string {
  const named = called(nodes, wanted)
  // A machine that was enrolled anew leaves its old self behind.
  const candidates = named.some(isOnline) ? named.filter(isOnline) : named
  if (candidates.length === 1) return candidates[0]!.InstanceId!
  if (candidates.length === 0) throw new Fault(`There is no node ${wanted}.`, MEND)
  throw new Fault(`Several nodes are called ${wanted}: ${candidates.map(({ InstanceId }) => InstanceId).join(', ')}.`, {
    mend: 'Say which by its id.',
  })
}

/** A name that an operator gave counts before what a machine says of itself. */
function called(nodes: readonly Node[], wanted: string): Node[] {
  const given = nodes.filter(({ Name }) => same(Name, wanted))
  return given.length > 0 ? given : nodes.filter(({ ComputerName }) => same(ComputerName, wanted))
}

function same(name: string | undefined, wanted: string): boolean {
  return name !== undefined && name.toLowerCase() === wanted.toLowerCase()
}

function isOnline({ PingStatus }: Node): boolean {
  return PingStatus === 'Online'
}

const MEND = { mend: 'steward node list shows the nodes there are.' }
