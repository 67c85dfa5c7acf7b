import { hash } from 'node:crypto'
import { fileURLToPath } from 'node:url'

/** Our agent as one JavaScript file that needs nothing but Node. */
export interface AgentBundle {
  readonly bytes: Uint8Array
  /** Hexadecimal. */
  readonly sha256: string
}

/** Bundles the agent of this checkout; takes about a tenth of a second. */
export async function bundleAgent(): Promise<AgentBundle> {
  // Loaded only here: most servers are never asked for an installer.
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(import.meta.resolve('@steward/agent/main.ts'))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: `node${OLDEST_NODE}`,
    // Native speed-ups that ws looks for and does without.
    external: ['bufferutil', 'utf-8-validate'],
    // Packages in CommonJS call require, which a module does not have by itself.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    legalComments: 'eof',
    logLevel: 'silent',
  })
  const bytes = outputFiles[0]!.contents
  return { bytes, sha256: hash('sha256', bytes, 'hex') }
}

/** The oldest major version of Node that runs the bundle. */
export const OLDEST_NODE = 20
