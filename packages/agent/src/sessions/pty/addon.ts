/*
 * The native part of terminals, `pty.node` of @lydell/node-pty. Only its four functions are used: its JavaScript part gives
 * a terminal up 200 ms after its program ended, whether all output was read or not. In a checkout it is a package's file; the
 * bundle carries it and writes it beside the agent's state when it is first needed, under the name of its digest.
 */
import { hash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { embeddedAddons } from '#sessions/pty/embedded-addons.ts'

export type PtyAddon = {
  fork(
    file: string,
    args: string[],
    environment: string[],
    directory: string,
    columns: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helperPath: string,
    onExit: (code: number, signal: number) => void,
  ): { fd: number; pid: number; pty: string }
  resize(fd: number, columns: number, rows: number): void
}

/** The addon and the helper program that it needs on macOS; undefined where there is none that works. */
export function loadPtyAddon(directory: string): { addon: PtyAddon; helper: string } | undefined {
  const require = createRequire(import.meta.url)
  const platform = `${process.platform}-${process.arch}`
  try {
    const embedded = embeddedAddons[platform]
    if (embedded) return { addon: require(extracted(embedded, directory)), helper: '' }
    const folder = `@lydell/node-pty-${platform}`
    const helper = process.platform === 'darwin' ? require.resolve(`${folder}/spawn-helper`) : ''
    return { addon: require(`${folder}/pty.node`), helper }
  } catch {
    return undefined // Not made for this platform or its C library, or the directory may hold no programs (noexec).
  }
}

/** Writes the addon unless the very same is there; the directory is the agent's alone. */
function extracted(embedded: string, directory: string): string {
  const bytes = gunzipSync(Buffer.from(embedded, 'base64'))
  const path = join(directory, `pty-${hash('sha256', bytes, 'hex').slice(0, 16)}.node`)
  if (existsSync(path) && readFileSync(path).equals(bytes)) return path
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, bytes, { mode: 0o700 })
  renameSync(temporary, path)
  return path
}
