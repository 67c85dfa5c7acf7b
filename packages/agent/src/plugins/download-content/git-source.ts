/*
 * sourceTypes Git and GitHub, with the node's own git. Secrets reach git by environment and files, never by arguments,
 * which every user of the machine could read. The clone goes into a folder beside the destination first, so that what
 * lies there already is not mixed up with it.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Download, fileAt, filesBelow } from '#plugins/download-content/download-content.ts'
import { secretOf } from '#plugins/download-content/http-source.ts'
import { type Inputs, inputFlag, inputText } from '#plugins/inputs.ts'

/** What to clone. `path` is a file or folder in the repository; empty for all of it. */
export type GitSource = {
  repository: string
  path: string
  branch: string
  commit: string
  user: string
  password: string
  privateKey: string
  skipHostKeyChecking: boolean
}

/** Reads the source info of Git. */
export function gitSource(info: Inputs): GitSource {
  const repository = inputText(info, 'repository').trim()
  if (repository === '') throw new Error('Git repository must be specified')
  // git would run these as commands.
  if (repository.startsWith('-') || /^[a-z]+::/i.test(repository)) throw new Error('Git repository is invalid')
  return {
    repository,
    path: '',
    ...checkout(inputText(info, 'getOptions')),
    user: inputText(info, 'username').trim(),
    password: inputText(info, 'password').trim(),
    privateKey: inputText(info, 'privateSSHKey'),
    skipHostKeyChecking: inputFlag(info, 'skipHostKeyChecking'),
  }
}

/** Reads the source info of GitHub. */
export function gitHubSource(info: Inputs): GitSource {
  const owner = inputText(info, 'owner').trim()
  const repository = inputText(info, 'repository').trim()
  if (owner === '') throw new Error('Owner for GitHub SourceType must be specified')
  if (repository === '') throw new Error('Repository for GitHub SourceType must be specified')
  const token = inputText(info, 'tokenInfo').trim()
  return {
    repository: `https://github.com/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}.git`,
    path: inputText(info, 'path').trim().replace(/^\/+/, ''),
    ...checkout(inputText(info, 'getOptions')),
    user: token ? 'x-access-token' : '',
    password: token,
    privateKey: '',
    skipHostKeyChecking: false,
  }
}

/** `branch:name` or `commitID:sha`. */
function checkout(getOptions: string): { branch: string; commit: string } {
  if (getOptions.trim() === '') return { branch: '', commit: '' }
  const match = /^(branch|commitID):([^:]*)$/.exec(getOptions.trim())
  if (!match) throw new Error('getOptions is not specified in the right format')
  const value = match[2]!.trim()
  if (value === '') throw new Error('Option for retrieving git content is empty')
  if (value.startsWith('-')) throw new Error('getOptions is not specified in the right format')
  return match[1] === 'branch' ? { branch: value, commit: '' } : { branch: '', commit: value }
}

/** Clones and copies what was asked for to the destination. */
export async function downloadFromGit(source: GitSource, { destination, io, signal }: Download): Promise<string[]> {
  await mkdir(io.downloads, { recursive: true, mode: 0o700 })
  const work = await mkdtemp(join(io.downloads, '.git-'))
  try {
    const clone = join(work, 'clone')
    const environment = await gitEnvironment(source, work, io.server)
    const depth = source.commit ? [] : ['--depth', '1']
    const branch = source.branch ? ['--branch', source.branch] : []
    await git(['clone', '--quiet', ...depth, ...branch, '--', source.repository, clone], environment, signal)
    if (source.commit) await git(['-C', clone, 'checkout', '--quiet', source.commit, '--'], environment, signal)
    await rm(join(clone, '.git'), { recursive: true })
    return await copyOut(clone, source.path, destination)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function copyOut(clone: string, path: string, destination: string): Promise<string[]> {
  const from = resolve(clone, path)
  if (relative(clone, from).startsWith('..')) throw new Error('The path leaves the repository')
  const found = await stat(from).catch(() => undefined)
  if (!found) throw new Error(`The repository has no ${path}`)
  if (found.isFile()) {
    const file = await fileAt(destination, basename(from))
    await cp(from, file)
    return [file]
  }
  await mkdir(destination, { recursive: true, mode: 0o700 })
  await cp(from, destination, { recursive: true, verbatimSymlinks: true })
  const copied = await filesBelow(from)
  return copied.map((file) => join(destination, relative(from, file)))
}

type Environment = { [name: string]: string | undefined }

async function gitEnvironment(source: GitSource, work: string, server: Download['io']['server']): Promise<Environment> {
  const environment: Environment = { ...process.env, GIT_TERMINAL_PROMPT: '0' }
  if (source.password) {
    // The helper prints what git would ask for; its words hold no secret, the environment does.
    const helper = join(work, 'askpass')
    await writeFile(
      helper,
      '#!/bin/sh\ncase "$1" in User*) printf %s "$GIT_USER" ;; *) printf %s "$GIT_PASSWORD" ;; esac\n',
      {
        mode: 0o700,
      },
    )
    environment.GIT_ASKPASS = helper
    environment.GIT_USER = (await secretOf(source.user, server)) || 'git'
    environment.GIT_PASSWORD = await secretOf(source.password, server)
  }
  const options = ['-oBatchMode=yes']
  if (source.privateKey) {
    const key = join(work, 'key')
    await writeFile(key, `${(await secretOf(source.privateKey.trim(), server)).trim()}\n`, { mode: 0o600 })
    options.push('-oIdentitiesOnly=yes', `-i '${key}'`)
  }
  if (source.skipHostKeyChecking) options.push('-oStrictHostKeyChecking=no', '-oUserKnownHostsFile=/dev/null')
  environment.GIT_SSH_COMMAND = `ssh ${options.join(' ')}`
  return environment
}

async function git(args: string[], env: Environment, signal: AbortSignal): Promise<void> {
  try {
    await promisify(execFile)('git', args, { env, signal, maxBuffer: 1024 * 1024 })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const { code, stderr } = error as { code?: string | number; stderr?: string }
    if (code === 'ENOENT') throw new Error('git is not installed on this node')
    throw new Error(`git ${args[0] === 'clone' ? 'clone' : 'checkout'} failed: ${stderr?.trim() ?? ''}`)
  }
}
