import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

/** Path of a program, or undefined if this machine does not have it. */
export function findTool(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin']
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
