import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { remotePath, script } from '@steward/session-client/node-script.ts'
import { Fault } from '#fault.ts'
import { sumOf } from './checksum.ts'
import { outputOf, type RemoteShell } from './remote-shell.ts'

/** The files below a directory by their path in it (`./a/b`), with checksums; and what else there is to take over. */
export interface Tree {
  readonly sums: ReadonlyMap<string, string>
  /** Files that are worth a copy of their own, which can be cut and go on. */
  readonly large: ReadonlySet<string>
  /** Symbolic links, and directories with nothing in them. */
  readonly others: readonly string[]
}

const LARGE_BYTES = 64 * 1024 * 1024

export async function localTree(root: string): Promise<Tree> {
  const sums = new Map<string, string>()
  const large = new Set<string>()
  const others: string[] = []
  for await (const [path, entry] of entries(root, '.')) {
    if (!entry.isFile()) others.push(path)
    else {
      sums.set(path, await sumOf(join(root, path)))
      if ((await stat(join(root, path))).size >= LARGE_BYTES) large.add(path)
    }
  }
  return { sums, large, others }
}

/** Links and empty directories come by themselves, other directories through what is in them. */
async function* entries(root: string, path: string): AsyncGenerator<[string, Dirent]> {
  for (const entry of await readdir(join(root, path), { withFileTypes: true })) {
    const below = `${path}/${entry.name}`
    if (entry.isFile() || entry.isSymbolicLink()) yield [below, entry]
    else if (!entry.isDirectory()) continue
    else if ((await readdir(join(root, below))).length === 0) yield [below, entry]
    else yield* entries(root, below)
  }
}

/** An empty tree for a directory that is not there. */
export async function remoteTree(shell: RemoteShell, root: string): Promise<Tree> {
  const output = await outputOf(
    shell,
    script(
      `d=${remotePath(root)}; [ -d "$d" ] || exit 0; cd "$d"`,
      'if command -v sha256sum >/dev/null; then set -- sha256sum; else set -- shasum -a 256; fi',
      'find . -type f -exec "$@" {} +',
      `find . -type f -size +${LARGE_BYTES / 512 - 1} | sed "s/^/large /"`,
      'find . -type l | sed "s/^/other /"',
      'find . -type d | while read -r d; do [ -n "$(ls -A "$d")" ] || printf "other %s\\n" "$d"; done',
    ),
  )
  const found = output.split('\n')
  const named = (kind: string) => found.filter((line) => line.startsWith(kind)).map((line) => line.slice(kind.length))
  const sums = new Map(found.filter((line) => /^\\?[0-9a-f]{64} /.test(line)).map(sumLine))
  return { sums, large: new Set(named('large ')), others: named('other ').filter((path) => path !== '.') }
}

function sumLine(line: string): [string, string] {
  // A backslash before the sum says that the name is written with escapes.
  if (line.startsWith('\\'))
    throw new Fault(`A file's name has a line break or a backslash in it: ${line.slice(67)}`, { exitCode: 1 })
  return [line.slice(66), line.slice(0, 64)]
}

/** The files of `source` that `target` lacks or has otherwise. */
export function missing(source: Tree, target: Tree): string[] {
  return [...source.sums].filter(([path, sum]) => target.sums.get(path) !== sum).map(([path]) => path)
}
