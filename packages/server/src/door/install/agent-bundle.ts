import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/** Our agent as one JavaScript file that needs nothing but Node. */
export interface AgentBundle {
  readonly bytes: Uint8Array
  /** Hexadecimal. */
  readonly sha256: string
}

/** The oldest major version of Node that runs the bundle. */
export const OLDEST_NODE = 20

/** Bundles the agent of this checkout into `file`; takes a few tenths of a second. */
export async function bundleAgent(file: string): Promise<AgentBundle> {
  // Loaded only here: most servers are never asked for an installer.
  const builder = new URL('../build.mjs', import.meta.resolve('@steward/agent/main.ts'))
  const { buildAgent } = (await import(builder.href)) as { buildAgent(outfile: string): Promise<string> }
  const bytes = await readFile(await buildAgent(file))
  return { bytes, sha256: hash('sha256', bytes, 'hex') }
}
