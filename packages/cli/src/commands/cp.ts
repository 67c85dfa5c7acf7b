import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { download, upload } from '#copy/copy.ts'
import { type Location, parseLocation } from '#copy/location.ts'
import { type Progress, shownProgress, silent } from '#copy/progress.ts'
import type { RemoteShell } from '#copy/remote-shell.ts'
import { UsageFault } from '#fault.ts'
import type { Io } from '#io.ts'
import { findNode } from '#sessions/find-node.ts'
import { nodeShell } from '#sessions/node-shell.ts'

/** Copies what all but the last of the locations name to the last: files and directories between this machine and a node. */
export async function cp(
  io: Io,
  locations: readonly string[],
  options: { reason?: string; quiet?: boolean },
): Promise<void> {
  const { node, paths, target, copyOne } = plan(locations.map(parseLocation))
  const { ca, ...rest } = connection(io.env)
  const api = new Api({ ca, ...rest })
  const shell = nodeShell(io, api, ca, await findNode(api, node), options.reason)
  const progress = options.quiet ? silent : shownProgress(io)
  for (const path of paths) await copyOne(shell, path, target, progress)
  progress.end()
}

interface Plan {
  readonly node: string
  readonly paths: readonly string[]
  readonly target: string
  readonly copyOne: (shell: RemoteShell, from: string, to: string, progress: Progress) => Promise<void>
}

function plan(locations: readonly Location[]): Plan {
  const from = locations.slice(0, -1)
  const to = locations.at(-1)!
  const paths = from.map(({ path }) => path)
  const nodes = new Set(from.map(({ node }) => node))
  const [only] = nodes
  if (nodes.size !== 1 || (only === undefined) === (to.node === undefined)) {
    throw new UsageFault(
      'One side is of this machine, the other of one node: steward cp FILE… NODE:PATH, or NODE:PATH… PATH.',
    )
  }
  return only === undefined
    ? { node: to.node!, paths, target: to.path, copyOne: upload }
    : { node: only, paths, target: to.path, copyOne: download }
}
