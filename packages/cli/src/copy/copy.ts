import { stat } from 'node:fs/promises'
import { basename, join, posix } from 'node:path'
import { remotePath, script } from '@steward/session-client/node-script.ts'
import { Fault } from '#fault.ts'
import { downloadFile, uploadFile } from './copy-file.ts'
import { downloadTree, uploadTree } from './copy-tree.ts'
import type { Progress } from './progress.ts'
import { outputOf, type RemoteShell } from './remote-shell.ts'

/** Copies a file or a directory to a node. As with `cp`, a directory that is there takes it in under its own name. */
export async function upload(shell: RemoteShell, from: string, to: string, progress: Progress): Promise<void> {
  if (!(await isLocalDirectory(from, true))) return uploadFile(shell, from, to, progress)
  const inside = await isRemoteDirectory(shell, to)
  await uploadTree(shell, from, inside ? `${to}/${basename(from)}` : to, progress)
}

/** Copies a file or a directory from a node. */
export async function download(shell: RemoteShell, from: string, to: string, progress: Progress): Promise<void> {
  const target = (await isLocalDirectory(to, false)) ? join(to, posix.basename(from)) : to
  const copyIt = (await isRemoteDirectory(shell, from)) ? downloadTree : downloadFile
  await copyIt(shell, from, target, progress)
}

async function isRemoteDirectory(shell: RemoteShell, path: string): Promise<boolean> {
  return (await outputOf(shell, script(`if [ -d ${remotePath(path)} ]; then echo yes; fi`))) === 'yes'
}

async function isLocalDirectory(path: string, mustExist: boolean): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (cause) {
    if (!mustExist) return false
    throw new Fault(`There is no ${path} here.`, { cause, exitCode: 1 })
  }
}
