/*
 * What the server has for its agents. It says which version that is and what its bytes hash to, over the same connection that the
 * commands come by: with the pinned authority where there is one.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { makePrivateDirectory } from '#durable-file.ts'
import { sentenceOf } from '#log.ts'
import type { PluginServer } from '#plugins/plugin.ts'
import { httpRequest, openHttp } from '#server/http.ts'

export type ServedAgent = {
  version: string
  /** Hexadecimal. */
  sha256: string
}

const silenceMs = 60_000

/** Asks which version the server serves. */
export async function servedAgent({ url, ca }: PluginServer): Promise<ServedAgent> {
  const answer = await httpRequest({
    method: 'GET',
    url: new URL('/install/agent.json', url),
    ca,
    timeoutMs: silenceMs,
  })
  if (answer.status !== 200) throw new Error(`the control plane serves no agent: it answered ${answer.status}`)
  const { version, sha256 } = JSON.parse(answer.body) as Partial<ServedAgent>
  if (!/^[\w.+-]{1,64}$/.test(version ?? '') || !/^[0-9a-f]{64}$/.test(sha256 ?? ''))
    throw new Error('the control plane does not tell which agent it serves')
  return { version: version!, sha256: sha256! }
}

/** Downloads that agent into `file`, the only one of its folder. Throws, and leaves nothing there, when it is another or does not run here. */
export async function fetchAgent(
  server: PluginServer,
  agent: ServedAgent,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const folder = dirname(file)
  await rm(folder, { recursive: true, force: true })
  await makePrivateDirectory(folder)
  try {
    const sha256 = await download(server, file, signal)
    if (sha256 !== agent.sha256)
      throw new Error(`what was downloaded is not ${agent.version}: its SHA-256 is ${sha256}, not ${agent.sha256}`)
    const version = await versionOf(file)
    if (version !== agent.version)
      throw new Error(`what was downloaded says that it is ${version}, not ${agent.version}`)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** Answers the SHA-256 of what came, which is on the disk then. */
async function download({ url, ca }: PluginServer, path: string, signal: AbortSignal): Promise<string> {
  const from = new URL('/install/agent.mjs', url)
  const response = await openHttp({ method: 'GET', url: from, ca, timeoutMs: silenceMs, signal })
  if (response.statusCode !== 200) {
    response.resume()
    throw new Error(`${from.href} answered ${response.statusCode}`)
  }
  const digest = createHash('sha256')
  const file = await open(path, 'wx', 0o755)
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      digest.update(chunk)
      await file.appendFile(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return digest.digest('hex')
}

/** What the program says when it is asked for its version. */
async function versionOf(program: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, program, '--version'], {
      timeout: silenceMs,
    })
    return stdout.trim()
  } catch (error) {
    throw new Error(`what was downloaded does not run with Node ${process.versions.node}: ${sentenceOf(error)}`, {
      cause: error,
    })
  }
}
