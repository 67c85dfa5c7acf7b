import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { chown, realpath, rename, rm, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * Replaces a file by what is downloaded, once that is whole: a download that breaks off leaves the file as it was. Its owner stays.
 */
export async function saveFile(content: Readable, path: string, signal: AbortSignal): Promise<void> {
  // A link stays one, and its target gets the content.
  const file = await realpath(path).catch(() => path)
  const before = await stat(file).catch(() => undefined)
  const temporary = `${file}.${randomBytes(6).toString('hex')}.new`
  try {
    await pipeline(content, createWriteStream(temporary, { mode: 0o600, flags: 'wx' }), { signal })
    // An ordinary user cannot give a file away.
    if (before) await chown(temporary, before.uid, before.gid).catch(() => {})
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
