/** A thousand shells at a time on one server: what each costs it in memory, and how soon a key is echoed among them. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { register, stateDirectory } from '@steward/agent'
import { call } from '../api.ts'
import { memory } from '../process-usage.ts'
import { median, number, percentile, type Row } from '../report.ts'
import { region, type Steward } from '../steward.ts'
import { StewardTerminal } from './terminal.ts'

const SESSIONS = 1000
const AT_ONCE = 20
const KEYS = 1000
/** Time for the server to become quiet, and to give back what it no longer needs. */
const QUIET_MS = 5000

export async function thousandSessionsRows(steward: Steward): Promise<Row[]> {
  const state = mkdtempSync(join(tmpdir(), 'steward-bench-sessions-'))
  const nodeId = await registered(steward, state)
  const node = fork(new URL('session-node.ts', import.meta.url), [state])
  try {
    await once(node, 'message')
    return await measured(steward, nodeId)
  } finally {
    const exited = once(node, 'exit')
    node.kill('SIGKILL')
    await exited
    rmSync(state, { recursive: true })
  }
}

async function registered({ url }: Steward, state: string): Promise<string> {
  const { ActivationId, ActivationCode } = await call(url, 'CreateActivation', { IamRole: 'BenchSessions' })
  const activation = { activationId: ActivationId!, activationCode: ActivationCode! }
  return (await register(stateDirectory(state), { url, region, ...activation })).nodeId
}

async function measured(steward: Steward, nodeId: string): Promise<Row[]> {
  // What the first sessions load and compile is no cost of a session.
  const terminals = await opened(steward, nodeId, AT_ONCE)
  await quiet()
  const before = memory(steward.pid).rss
  const began = performance.now()
  terminals.push(...(await opened(steward, nodeId, SESSIONS)))
  const seconds = (performance.now() - began) / 1000
  await quiet()
  const each = ((memory(steward.pid).rss - before) * 1024) / SESSIONS
  const echoes = await keysOf(terminals)
  return [
    plain(`memory of the server for each of ${number(SESSIONS)} open shells`, `${number(each)} KB`),
    plain(`${number(SESSIONS)} shells opened`, `in ${number(seconds, 1)} s`),
    plain(
      `a key until its echo by a program, ${number(SESSIONS)} shells open`,
      `${number(median(echoes), 2)} ms (p99 ${number(percentile(echoes, 99), 2)})`,
    ),
  ]
}

async function opened({ url }: Steward, nodeId: string, count: number): Promise<StewardTerminal[]> {
  const terminals: StewardTerminal[] = []
  const openSome = async () => {
    while (terminals.length < count) {
      const at = terminals.length
      terminals.length = at + 1
      terminals[at] = await StewardTerminal.open(url, nodeId)
      await terminals[at].untilShown(1)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, openSome))
  return terminals
}

async function keysOf(terminals: readonly StewardTerminal[]): Promise<number[]> {
  const times: number[] = []
  for (let key = 0; key < KEYS; key++) {
    const terminal = terminals[(key * 7) % terminals.length]!
    const wanted = terminal.shown + 1
    const began = performance.now()
    terminal.type('x')
    await terminal.untilShown(wanted)
    times.push(performance.now() - began)
  }
  return times
}

function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, QUIET_MS))
}

function plain(what: string, steward: string): Row {
  return { what, steward, beside: '', ratio: '', target: '', met: undefined }
}
