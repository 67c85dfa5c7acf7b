import { chmod, lstat, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, sep } from 'node:path'
import { downloadFromGit, gitHubSource, gitSource } from '#plugins/download-content/git-source.ts'
import { downloadFromHttp } from '#plugins/download-content/http-source.ts'
import { downloadFromS3 } from '#plugins/download-content/s3-source.ts'
import { type Inputs, inputMap, inputText, readInputs } from '#plugins/inputs.ts'
import { failed, type Plugin, type PluginIo, succeeded } from '#plugins/plugin.ts'
import { nameAndVersion } from '#plugins/run-document.ts'

/** Where content comes from, and what the download may use. */
export type Download = {
  info: Inputs
  /** A path; when it is a directory or ends with a slash, a file keeps its own name inside it. */
  destination: string
  io: PluginIo
  signal: AbortSignal
}

/** Brings content to its destination; resolves with the files it made. Throws with a sentence. */
export type Source = (download: Download) => Promise<string[]>

const sources: { [sourceType: string]: Source } = {
  HTTP: downloadFromHttp,
  S3: downloadFromS3,
  SSMDocument: downloadFromServer,
  Git: (download) => downloadFromGit(gitSource(download.info), download),
  GitHub: (download) => downloadFromGit(gitHubSource(download.info), download),
}

/** aws:downloadContent: brings files to the node, below the command's own folder unless an absolute path is given. */
export const downloadContent: Plugin = {
  name: 'aws:downloadContent',
  async run(step, io, signal) {
    const inputs = readInputs(step.inputs)
    const sourceType = inputText(inputs, 'sourceType')
    if (sourceType === '') return failed('invalid input: SourceType must be specified')
    const source = Object.hasOwn(sources, sourceType) ? sources[sourceType] : undefined
    if (!source) return failed('invalid input: Unsupported source type')
    if (inputText(inputs, 'sourceInfo') === '') return failed('invalid input: SourceInfo must be specified')
    const path = inputText(inputs, 'destinationPath')
    const destination = isAbsolute(path) ? path : `${io.downloads}${sep}${path}`
    const info = readInputs(sourceInfo(inputs, sourceType))
    for (const file of await source({ info, destination, io, signal })) await makeExecutable(file)
    return succeeded(`Content downloaded to ${destination}`)
  },
}

function sourceInfo(inputs: Inputs, sourceType: string): { [name: string]: unknown } {
  try {
    return inputMap(inputs, 'sourceInfo')
  } catch {
    throw new Error(
      `SourceInfo could not be unmarshalled for source type ${sourceType}. Please check JSON format of SourceInfo`,
    )
  }
}

async function downloadFromServer({ info, destination, io }: Download): Promise<string[]> {
  const named = inputText(info, 'name')
  if (named === '') throw new Error('SSM Document name in SourceType must be specified')
  const { name, version } = nameAndVersion(named)
  const content = await io.server.getDocument(name, version)
  const file = await fileAt(destination, `${basename(name)}.json`)
  await writeFile(file, content, { mode: 0o600 })
  return [file]
}

/** The file to write for a destination, with the directories above it made; `name` is used when it is a directory. */
export async function fileAt(destination: string, name: string): Promise<string> {
  const known = await stat(destination).catch(() => undefined)
  const file = known?.isDirectory() || destination.endsWith(sep) ? join(destination, name) : destination
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  return file
}

/** Files below a directory, links left out. */
export async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

// Downloaded scripts are there to be run.
async function makeExecutable(file: string): Promise<void> {
  if (!(await lstat(file)).isSymbolicLink()) await chmod(file, 0o700)
}
