import type { Api } from '#api.ts'
import type { RemoteShell } from '#copy/remote-shell.ts'
import type { Io } from '#io.ts'
import { NodeCommand } from './node-command.ts'

/** The shell of a node; each line is a session of its own. */
export function nodeShell(
  io: Pick<Io, 'onTermination'>,
  api: Api,
  ca: string | undefined,
  node: string,
  reason?: string,
): RemoteShell {
  return (line) => new NodeCommand({ io, api, ca, node, line, reason })
}
