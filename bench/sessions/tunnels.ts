/** A forwarded port by Steward, by Amazon's plugin with our agent, by `ssh -L`, and the same bytes by `scp`. Rounds alternate. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { call } from '../api.ts'
import { Beside } from '../beside.ts'
import type { SshHosts } from '../latency/ssh-hosts.ts'
import { median, number, type Row } from '../report.ts'
import { freePort, region, rootKey, type Steward } from '../steward.ts'
import { findTool } from '../tool.ts'

const MEGABYTES = 256
const ROUNDS = 3
const STEWARD = fileURLToPath(new URL('../bin/steward.mjs', import.meta.resolve('steward/main.ts')))

/** A way to the service: a local port, and the program that holds it open. */
type Tunnel = { port: number; child: ChildProcess }

export async function tunnelRows(steward: Steward, nodeId: string, hosts: SshHosts): Promise<Row[]> {
  await using source = await Beside.start(new URL('byte-source.ts', import.meta.url))
  const target = Number(new URL(source.url).port)
  const tunnels: Record<'ours' | 'plugin' | 'ssh', Tunnel | undefined> = {
    ours: await stewardForward(steward, nodeId, target),
    plugin: await pluginForward(steward, nodeId, target),
    ssh: await sshForward(hosts, target),
  }
  const rates: Record<string, number[]> = { ours: [], plugin: [], ssh: [], scp: [], direct: [] }
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, tunnel] of Object.entries(tunnels)) if (tunnel) rates[name]!.push(await download(tunnel.port))
      rates.direct!.push(await download(target))
      rates.scp!.push(await copy(hosts))
    }
  } finally {
    await Promise.all(Object.values(tunnels).map((tunnel) => tunnel && end(tunnel.child)))
  }
  return rowsOf(rates)
}

function rowsOf({ ours = [], plugin = [], ssh = [], scp = [], direct = [] }: Record<string, number[]>): Row[] {
  const beside = `ssh -L: ${number(median(ssh))} MB/s; scp ${number(median(scp))}; no tunnel ${number(median(direct))}`
  const row = (what: string, rates: number[], target: number): Row => {
    if (rates.length === 0) {
      return {
        what,
        steward: '',
        beside: 'not measured: no `session-manager-plugin` here',
        ratio: '',
        target: '',
        met: undefined,
      }
    }
    const rate = median(rates)
    return {
      what,
      steward: `${number(rate, 1)} MB/s`,
      beside,
      ratio: number(rate / median(ssh), 2),
      target: `≥ ${target} MB/s`,
      met: rate >= target,
    }
  }
  return [
    row(`${MEGABYTES} MB through a forwarded port, our client and agent`, ours, 60),
    row('the same, session-manager-plugin and our agent', plugin, 10),
  ]
}

/** Megabytes a second that a connection to this port yields. */
async function download(port: number): Promise<number> {
  const wanted = MEGABYTES * 1e6
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.write(`${wanted}\n`)
  let received = 0
  const began = performance.now()
  socket.on('data', (bytes) => {
    received += bytes.length
  })
  await once(socket, 'close')
  if (received !== wanted) throw new Error(`${received} of ${wanted} bytes came through port ${port}.`)
  return received / 1e3 / (performance.now() - began)
}

async function copy(hosts: SshHosts): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-bench-scp-'))
  try {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    truncateSync(file, MEGABYTES * 1e6)
    const options = hosts.options.map((option) => (option === '-p' ? '-P' : option))
    const began = performance.now()
    await promisify(execFile)('scp', ['-Oq', ...options, `${hosts.addresses[0]}:${file}`, join(folder, 'copy')])
    return (MEGABYTES * 1e3) / (performance.now() - began)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function stewardForward(steward: Steward, nodeId: string, target: number): Promise<Tunnel> {
  const child = spawn(process.execPath, [STEWARD, 'forward', nodeId, `:${target}`], { env: environment(steward) })
  return { child, port: await portIn(child, /localhost:(\d+)/) }
}

async function pluginForward(steward: Steward, nodeId: string, target: number): Promise<Tunnel | undefined> {
  const plugin = findTool('session-manager-plugin')
  if (!plugin) return undefined
  const request = {
    Target: nodeId,
    DocumentName: 'AWS-StartPortForwardingSession',
    Parameters: { portNumber: [String(target)], localPortNumber: ['0'] },
  }
  const session = JSON.stringify(await call(steward.url, 'StartSession', request))
  const words = [session, region, 'StartSession', '', JSON.stringify(request), steward.url]
  const child = spawn(plugin, words, { env: environment(steward) })
  return { child, port: await portIn(child, /Port (\d+) opened/) }
}

async function sshForward(hosts: SshHosts, target: number): Promise<Tunnel> {
  const port = await freePort()
  const forward = ['-N', '-L', `${port}:127.0.0.1:${target}`, '-o', 'ExitOnForwardFailure=yes']
  const child = spawn('ssh', [...forward, ...hosts.options, hosts.addresses[0]!], { stdio: 'ignore' })
  while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 20))
  return { child, port }
}

/** The port that a program says it opened. */
async function portIn(child: ChildProcess, pattern: RegExp): Promise<number> {
  child.stderr?.resume()
  for await (const line of createInterface(child.stdout!)) {
    const port = pattern.exec(line)?.[1]
    if (port) {
      child.stdout!.resume()
      return Number(port)
    }
  }
  throw new Error('The program opened no port.')
}

function environment(steward: Steward): NodeJS.ProcessEnv {
  return {
    ...process.env,
    AWS_ENDPOINT_URL: steward.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: rootKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGINT')
  await closed
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  return once(socket, 'connect').then(
    () => socket.destroy() !== undefined,
    () => false,
  )
}
