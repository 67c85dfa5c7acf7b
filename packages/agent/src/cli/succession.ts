/*
 * How a running agent gives way to the next version of itself, and to none that is no good:
 *
 *   1. The agent stops. Scripts and sessions go on without it, as at every restart.
 *   2. The next version is started as a child, on trial: an agent in full, on the same state, which is to connect.
 *   3. If it does, it is stopped again, its file takes the place of this program's, and this process becomes the new version.
 *      If it does not, it is ended, why is written down, and this process begins anew as the version that it was.
 *
 * The process stays the same one throughout, so whoever watches over it (systemd, a container, a shell) notices nothing. Its file
 * is exchanged by one rename after the trial, and the former file is kept beside it: a crash at any point leaves a whole program.
 * A child on trial ends with its parent.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { chmod, copyFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { syncDirectory } from '#durable-file.ts'
import { type Log, sentenceOf } from '#log.ts'
import { ownProgram } from '#own-program.ts'
import { type Attempt, writeAttempt } from '#plugins/update-ssm-agent/attempt.ts'
import type { Replaceable } from '#plugins/update-ssm-agent/update-ssm-agent.ts'

/** A control plane that is busy, or a slow machine, is not the new version's fault. */
const connectsWithinMs = 60_000
const stopsWithinMs = 10_000
const unitName = 'steward-agent.service'

export type SuccessionOptions = {
  /** The file of the last attempt. */
  record: string
  log: Log
  /** Whoever started this agent provides its version. */
  isKept: boolean
  isOnTrial: boolean
}

export class Succession implements Replaceable {
  readonly refusal: string | undefined
  readonly isOnTrial: boolean
  readonly next: string
  /** Resolves when this version is to be replaced. */
  readonly wanted: Promise<Attempt>
  readonly #options: SuccessionOptions
  readonly #program: string
  #child: ChildProcess | undefined
  #isAbandoned = false
  #want!: (attempt: Attempt) => void

  constructor(options: SuccessionOptions) {
    this.#options = options
    this.#program = ownProgram()
    this.refusal = refusalOf(this.#program, options.isKept)
    this.isOnTrial = options.isOnTrial
    this.next = nextTo(this.#program)
    this.wanted = new Promise((resolve) => {
      this.#want = resolve
    })
  }

  replace(attempt: Attempt): void {
    this.#want(attempt)
  }

  /** Tries the next version and becomes it, or what it was. The agent of this process has been stopped. */
  async carryOut(attempt: Attempt): Promise<never> {
    const { record, log } = this.#options
    log.info('another version is tried', { from: attempt.from, to: attempt.to })
    let why: string | undefined
    try {
      await writeAttempt(record, attempt)
      why = await this.#tryOut()
      if (this.#isAbandoned) return new Promise<never>(() => {})
      if (why === undefined) await putInPlace(this.next, this.#program)
    } catch (error) {
      why = sentenceOf(error)
    }
    if (why === undefined) log.info('the other version takes over', { version: attempt.to })
    else {
      log.error('the other version does not do', { version: attempt.to, why })
      await writeAttempt(record, { ...attempt, why }).catch(() => {})
      await rm(dirname(this.next), { recursive: true, force: true }).catch(() => {})
    }
    return beginAnew()
  }

  /** Ends the version that is on trial, if there is one, and goes no further: this process is about to end. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true
    if (this.#child) await end(this.#child)
  }

  #tryOut(): Promise<string | undefined> {
    const words = [...process.execArgv, this.next, ...process.argv.slice(2), '--trial']
    this.#child = spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    return verdictOn(this.#child, connectsWithinMs)
  }
}

/** Says to the version that tries this one out that it is connected, and ends with it. */
export function standTrial(stop: () => void): { connected(): void } {
  process.once('disconnect', stop)
  return { connected: () => process.send?.('connected') }
}

/** Resolves when a program on trial has been ended again: with nothing if it did connect, else with why it did not do. */
export async function verdictOn(child: ChildProcess, patienceMs: number): Promise<string | undefined> {
  const verdict = await new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(`it did not connect within ${patienceMs / 1000} s`), patienceMs)
    const decide = (why?: string) => {
      clearTimeout(timer)
      resolve(why)
    }
    child.once('message', () => decide())
    child.once('error', (error) => decide(`it could not be started: ${sentenceOf(error)}`))
    child.once('exit', (code, signal) =>
      decide(`it ended with ${signal ?? `exit code ${code}`} before it was connected`),
    )
  })
  await end(child)
  return verdict
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), stopsWithinMs)
  await ended
  clearTimeout(force)
}

/** In a folder of its own, so that it has the name by which the installer knows the agent's processes. */
function nextTo(program: string): string {
  return join(`${program}.next`, basename(program))
}

async function putInPlace(next: string, program: string): Promise<void> {
  await copyFile(program, `${program}.former`)
  await chmod(next, (await stat(program)).mode)
  await rename(next, program)
  await syncDirectory(dirname(program))
  await rm(dirname(next), { recursive: true, force: true })
}

function refusalOf(program: string, isKept: boolean): string | undefined {
  if (program.endsWith('.ts')) return 'it runs from a checkout of the source and is updated with that'
  if (isKept) return 'it was started with --no-updates, by what provides its version'
  if (!existsSync(program)) return 'it is not one file of JavaScript'
  try {
    accessSync(dirname(program), constants.W_OK)
  } catch {
    return `the user that it runs as may not write to ${dirname(program)}`
  }
  if (process.execve === undefined && !isService())
    return `Node ${process.versions.node} cannot replace a running program, and no service starts it again: install the agent again, or Node 22.15 or later`
  return undefined
}

/** Whether systemd starts this program again when it ends. */
function isService(): boolean {
  try {
    return readFileSync('/proc/self/cgroup', 'utf8').includes(`/${unitName}`)
  } catch {
    return false
  }
}

/** This process becomes what its file is now. */
function beginAnew(): never {
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], process.env)
  process.exit(0)
}
