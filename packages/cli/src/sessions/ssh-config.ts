import type { ssm } from '@steward/model'
import { quoteForSh } from '@steward/session-client/node-script.ts'
import type { Wire } from '#api.ts'

type Node = Wire<ssm.InstanceInformation>

/**
 * What ssh needs to reach each node by its id and by the name that an operator gave it, and any node as `ANYTHING.steward` (a name, or
 * KEY=VALUE of a tag). What a machine calls itself is no bare name here: it could call itself like a host of somebody else. `proxy` is
 * the command before host and port; `user` is who to log in as.
 */
export function sshConfig(nodes: readonly Node[], proxy: readonly string[], user?: string): string {
  const names = idsByName(nodes)
  const blocks = [...names].filter(([, ids]) => ids.length === 1).map(([name, ids]) => block(name, ids[0]!))
  const others = nodes.map(({ InstanceId }) => InstanceId!).filter((id) => !id.startsWith('mi-'))
  const all = [
    // Unlike Host, Match looks at the name that HostName put in place.
    `Match host ${['mi-*', '*.steward', ...others].join(',')}`,
    `  ProxyCommand ${proxy.map(quoteForSsh).join(' ')} %h %p`,
    ...(user ? [`  User ${user}`] : []),
  ]
  return `${[HEADING, ...blocks.toSorted(), all.join('\n')].join('\n\n')}\n`
}

const HEADING = `# Written by steward ssh-config. ssh, scp, rsync and Ansible reach nodes through Steward, without an open port:
# by id, by name, and as NAME.steward or KEY=VALUE.steward (any connected node with that tag).`

/** HostKeyAlias: by whatever name it is called, a node has one host key. */
function block(name: string, id: string): string {
  return `Host ${name} ${name}.steward\n  HostName ${id}\n  HostKeyAlias ${id}`
}

/** Names that ssh would take for patterns or options are left out. */
function idsByName(nodes: readonly Node[]): Map<string, string[]> {
  const ids = new Map<string, string[]>()
  for (const { InstanceId, Name } of nodes) {
    if (Name && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(Name)) ids.set(Name, [...(ids.get(Name) ?? []), InstanceId!])
  }
  return ids
}

/** ssh expands `%`, and gives the line to a shell. */
function quoteForSsh(word: string): string {
  return quoteForSh(word.replaceAll('%', '%%'))
}
