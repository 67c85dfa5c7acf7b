/** The programs that people type, started as processes of their own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { StartSessionCommand, type StartSessionCommandInput } from '@aws-sdk/client-ssm'
import type { Installation } from './installation.ts'

export const STEWARD = program('steward.mjs')
export const PLUGIN = program('session-manager-plugin.mjs')

function program(name: string): string {
  return fileURLToPath(new URL(`../bin/${name}`, import.meta.resolve('steward/main.ts')))
}

export interface Ended {
  readonly code: number | null
  readonly out: Buffer
  readonly err: string
}

/** The environment of somebody who works with an installation, over `url` if that is another way to it. */
export function environment(steward: Installation, url = steward.url): Record<string, string> {
  const { region, rootKey } = steward
  const bin = join(steward.folder, 'bin')
  mkdirSync(bin, { recursive: true })
  const plugin = join(bin, 'session-manager-plugin')
  try {
    symlinkSync(PLUGIN, plugin)
  } catch {
    // It is there from the last time.
  }
  return {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: steward.folder,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: rootKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
    AWS_PAGER: '',
  }
}

export function start(steward: Installation, file: string, words: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(file, words, { env: environment(steward) })
}

/** Runs a program to its end with this on its standard input. */
export async function run(
  steward: Installation,
  file: string,
  words: readonly string[],
  input: string | Buffer = '',
): Promise<Ended> {
  const child = start(steward, file, words)
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [out, err, [code]] = await Promise.all([buffer(child.stdout), buffer(child.stderr), once(child, 'close')])
  return { code, out, err: err.toString() }
}

/** Runs `steward …`. */
export function steward(installation: Installation, words: readonly string[], input?: string | Buffer): Promise<Ended> {
  return run(installation, process.execPath, [STEWARD, ...words], input)
}

/** What the AWS CLI does for `aws ssm start-session`: it asks for the session and hands over to the plugin, in six words. */
export async function pluginWords(installation: Installation, request: StartSessionCommandInput): Promise<string[]> {
  const { SessionId, TokenValue, StreamUrl } = await installation.ssm.send(new StartSessionCommand(request))
  const answer = JSON.stringify({ SessionId, TokenValue, StreamUrl })
  return [PLUGIN, answer, installation.region, 'StartSession', '', JSON.stringify(request), installation.url]
}

/** Resolves with the text once a program has written what matches. */
export async function writes(child: ChildProcessWithoutNullStreams, wanted: RegExp): Promise<RegExpExecArray> {
  let text = ''
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    text += chunk
    const match = wanted.exec(text)
    if (match) return match
  }
  throw new Error(`The program does not write ${wanted}: ${text}`)
}
