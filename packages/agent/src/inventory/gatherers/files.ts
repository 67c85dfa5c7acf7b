/*
 * AWS:File: files by folder and pattern, as the input `files` asks for them. Links to folders are told as files, not followed.
 * Who asks for more than the limits gets an error rather than a part, as with Amazon's agent.
 */
import type { Dirent } from 'node:fs'
import { lstat, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { objectOr } from '#document/document.ts'
import type { Entry } from '#inventory/item.ts'

const mostFiles = 500
const mostFolders = 5000

type Filter = { path: string; patterns: RegExp[]; recursive: boolean; dirScanLimit: number }

/** `filters`: JSON of a list of `{Path, Pattern, Recursive, DirScanLimit}`. Throws for what is no such list and beyond the limits. */
export async function gatherFiles(filters: string): Promise<Entry[]> {
  const found = new Set<string>()
  for (const filter of readFilters(filters)) {
    for await (const path of matchingFiles(filter)) {
      found.add(path)
      if (found.size > mostFiles) throw new Error('File Count Limit Exceeded')
    }
  }
  const entries = await Promise.all([...found].sort().map(fileEntry))
  return entries.filter((entry) => entry !== undefined)
}

function readFilters(text: string): Filter[] {
  const list: unknown = JSON.parse(text.replaceAll('\\', '/'))
  if (!Array.isArray(list)) throw new Error('files is not a list')
  return list.map((one) => {
    const { Path, Pattern, Recursive, DirScanLimit } = objectOr(one)
    return {
      path: expanded(String(Path ?? '')),
      patterns: (Array.isArray(Pattern) ? Pattern : []).flatMap((pattern) => globOf(String(pattern)) ?? []),
      recursive: Recursive === true,
      dirScanLimit: typeof DirScanLimit === 'number' ? DirScanLimit : mostFolders,
    }
  })
}

function expanded(path: string): string {
  return path.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, plain) => process.env[braced ?? plain] ?? '')
}

/** A pattern of a file's name with `*`, `?` and `[a-z]`; undefined for one that is malformed. */
export function globOf(pattern: string): RegExp | undefined {
  const source = pattern.replace(/\[\^?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    return part.length > 1 ? part : part.replace(/[.+^${}()|[\]\\]/, '\\$&')
  })
  try {
    return new RegExp(`^${source}$`)
  } catch {
    return undefined
  }
}

async function* matchingFiles({ path, patterns, recursive, dirScanLimit }: Filter): AsyncGenerator<string> {
  const matches = (name: string) => patterns.some((pattern) => pattern.test(name))
  const root = await lstat(path).catch(() => undefined)
  if (!root) return
  if (recursive && !root.isDirectory()) {
    if (matches(basename(path))) yield path
    return
  }
  const folders = [path]
  for (let scanned = 1; folders.length > 0; scanned += 1) {
    if (scanned > dirScanLimit) throw new Error('Directory Scan Limit Exceeded')
    const folder = folders.pop()!
    const inside = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => [])
    for (const entry of inside) {
      if (!entry.isDirectory()) {
        if (matches(entry.name)) yield join(folder, entry.name)
      } else if (recursive) folders.push(join(folder, entry.name))
    }
  }
}

const unknown = {
  ...{ Description: '', FileVersion: '', InstalledDate: '', LastAccessTime: '', ProductName: '' },
  ...{ CompanyName: '', ProductVersion: '', ProductLanguage: '' },
}

async function fileEntry(path: string): Promise<Entry | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (!found) return undefined
  const ModificationTime = `${found.mtime.toISOString().slice(0, 19)}Z`
  return { Name: basename(path), Size: String(found.size), ModificationTime, InstalledDir: dirname(path), ...unknown }
}
