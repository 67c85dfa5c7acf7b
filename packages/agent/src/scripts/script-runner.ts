/*
 * Runs a script so that neither the agent's death nor a second agent's start makes it run twice or lose its result.
 *
 * The script is the child of a small shell that is detached from us (own session). That shell first claims the run by
 * creating the file `process` exclusively, with its process id; then it runs the script with stdout and stderr appended to
 * files; and last it adds the exit code to `process`, which works on a full disk too. Whoever comes later can therefore
 * tell what happened:
 *
 *   no record in the journal             the script was never meant to run: run it
 *   record, exit code                    it ended; that is the result
 *   record, process id of a living run   it runs: adopt it
 *   record, process id of nobody         it died with its shell (kill -9, power): lost, never to be run again. Unless the shell
 *                                        was our child and ended with an exit code: that is the script's
 *   record, no `process`                 we died between writing the record and the shell's claim. We claim the run
 *                                        ourselves: if that succeeds the shell can never start, and a new run is safe.
 *                                        Unless the machine booted in between: then the files may be older than the
 *                                        truth, and the run is lost
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdir, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ScriptEnd, ScriptJournal, ScriptRecord } from '#commands/journal-record.ts'
import { sentenceOf } from '#log.ts'
import { killTree, type ProcessTree, terminatePolitely } from '#scripts/process-tree.ts'
import { processArguments } from '#scripts/processes.ts'
import { Detached } from '#stop-reason.ts'

/** A script to run. `key` names it within its command; stdout and stderr are files that are appended to. */
export type Script = {
  key: string
  directory: string
  fileName: string
  text: string
  command(scriptPath: string): string[]
  workingDirectory: string
  environment: { [name: string]: string | undefined }
  timeoutSeconds: number
  stdout: string
  stderr: string
}

/** How a script ended, and the beginnings of what it wrote. */
export type ScriptResult = { end: ScriptEnd; stdout: Buffer; stderr: Buffer }

export type ScriptRunnerOptions = {
  bootId: string
  now(): number
  /** Time between asking a cancelled script to end and killing it, in milliseconds. */
  graceMs: number
}

/** The most a script may write to one stream; what comes after is dropped, so that no script fills the disk. */
const outputLimitBytes = 64 * 1024 * 1024

/** The most that is returned of one stream; replies carry less. */
const returnedBytes = 24_001

const adoptedPollMs = 100
const ownPollMs = 1000

// Signals are caught with an empty trap, not ignored: an ignored signal would stay ignored in the script. The script has
// a subshell of its own, so that the shell's word about a killed script does not get into the script's output. A shell that
// may not run it must not end with an exit code, which its parent would take for the script's.
const shell = `set -C
echo $$ > "$1/process" || kill -KILL $$
trap : HUP INT TERM
run=$1 out=$2 err=$3
shift 3
(exec "$@" >> "$out" 2>> "$err" < /dev/null)
code=$?
echo $code >> "$run/process"
exit $code`

const shellName = 'steward-script'

/** Runs scripts of any number of commands. */
export class ScriptRunner {
  readonly #options: ScriptRunnerOptions
  /** Shells that this process started and that still run: process id by run directory. */
  readonly #own = new Map<string, number>()
  /** Exit codes of those that ended, until they are in a journal. */
  readonly #codes = new Map<string, number>()
  /** Who waits for the end of a shell. */
  readonly #waiting = new Map<string, () => void>()

  constructor(options: ScriptRunnerOptions) {
    this.#options = options
  }

  /** Runs a script, or takes up the run that an earlier agent began. Throws Detached when the agent goes away. */
  async run(script: Script, journal: ScriptJournal, signal: AbortSignal): Promise<ScriptResult> {
    const known = journal.script(script.key)
    if (known?.end && !known.spent) return resultOf(script, known, known.end, known)
    const begun = known && !known.spent ? this.#takeUp(known, script) : undefined
    if (!begun && signal.aborted) return stopped(signal)
    const { record, end } = begun ?? (await this.#begin(known, script, journal))
    const ended = asAsked(end ?? (await this.#watch(record, script, journal, signal)), signal)
    const to = sizesNow(script)
    await journal.append({ type: 'scriptEnded', key: script.key, run: record.run, end: ended, ...to })
    this.#codes.delete(runDirectory(script, record))
    return resultOf(script, record, ended, to)
  }

  async #begin(before: ScriptRecord | undefined, script: Script, journal: ScriptJournal): Promise<Running> {
    const sizes = sizesNow(script)
    const record: ScriptRecord = {
      type: 'script',
      key: script.key,
      run: (before?.run ?? 0) + 1,
      boot: this.#options.bootId,
      deadline: this.#options.now() + script.timeoutSeconds * 1000,
      // A script that runs again after a reboot goes on with its output where it stopped.
      stdoutFrom: before?.stdoutFrom ?? sizes.stdoutTo,
      stderrFrom: before?.stderrFrom ?? sizes.stderrTo,
    }
    const [refused] = await Promise.all([prepare(script, record), journal.append(record, 'durable')])
    if (refused !== undefined) return { record, end: { kind: 'notStarted', reason: refused } }
    const failed = await this.#start(script, record)
    return failed === undefined ? { record } : { record, end: { kind: 'notStarted', reason: failed } }
  }

  /** Starts the shell; answers why it could not be started. */
  #start(script: Script, record: ScriptRecord): Promise<string | undefined> {
    const run = runDirectory(script, record)
    const command = script.command(join(script.directory, script.fileName))
    const child = spawn('/bin/sh', ['-c', shell, shellName, run, script.stdout, script.stderr, ...command], {
      cwd: script.workingDirectory,
      env: { ...script.environment, [markerName]: run },
      stdio: 'ignore',
      detached: true,
    })
    child.unref()
    if (child.pid !== undefined) this.#own.set(run, child.pid)
    return new Promise((resolve) => {
      child.once('spawn', () => resolve(undefined))
      child.once('error', (error) => resolve(sentenceOf(error)))
      child.once('exit', (code) => {
        this.#own.delete(run)
        if (code !== null) this.#codes.set(run, code)
        this.#waiting.get(run)?.()
      })
    })
  }

  /** What to do with a run that is in the journal; undefined when it never began and may begin anew. */
  #takeUp(record: ScriptRecord, script: Script): Running | undefined {
    if (readExit(script, record) !== undefined) return { record }
    if (record.boot !== this.#options.bootId) return { record, end: { kind: 'lost' } }
    return this.#own.has(runDirectory(script, record)) || !revoke(script, record) ? { record } : undefined
  }

  /** Waits for the end of a run, enforces its deadline and a cancellation, and keeps its output within bounds. */
  async #watch(record: ScriptRecord, script: Script, journal: ScriptJournal, signal: AbortSignal): Promise<ScriptEnd> {
    const run = runDirectory(script, record)
    // From here on by a clock that does not jump.
    const left = Math.min(record.deadline - this.#options.now(), script.timeoutSeconds * 1000)
    const deadline = performance.now() + left
    const isOurs = this.#own.has(run)
    for (;;) {
      if (signal.reason instanceof Detached) throw signal.reason
      const code = readExit(script, record)
      if (code !== undefined) return endWith(code, record)
      const leader = this.#own.get(run) ?? adoptable(run)
      if (leader === undefined) return this.#vanished(script, record, isOurs ? { kind: 'killed' } : { kind: 'lost' })
      const tree: ProcessTree = { leader, marker: `${markerName}=${run}` }
      if (signal.aborted) return this.#kill(tree, { kind: 'cancelled' }, record, script, journal)
      const remains = deadline - performance.now()
      if (remains <= 0) return this.#kill(tree, { kind: 'timedOut' }, record, script, journal)
      dropExcess(script)
      await this.#pause(run, Math.min(this.#own.has(run) ? ownPollMs : adoptedPollMs, remains), signal)
    }
  }

  async #vanished(script: Script, record: ScriptRecord, otherwise: ScriptEnd): Promise<ScriptEnd> {
    // The shell of an earlier agent may have claimed the run only just now, or ended between the two looks.
    if (readProcess(runDirectory(script, record)) === undefined) await this.#pause('', adoptedPollMs)
    // A script may have removed the file, or the disk may have failed; then only the shell's parent knows.
    const code = readExit(script, record) ?? this.#codes.get(runDirectory(script, record))
    return code !== undefined ? endWith(code, record) : (record.killed ?? otherwise)
  }

  async #kill(
    tree: ProcessTree,
    end: ScriptEnd,
    record: ScriptRecord,
    script: Script,
    journal: ScriptJournal,
  ): Promise<ScriptEnd> {
    await journal.append({ type: 'scriptKilled', key: script.key, run: record.run, end })
    if (end.kind === 'cancelled') {
      terminatePolitely(tree)
      const until = performance.now() + this.#options.graceMs
      while (performance.now() < until && readExit(script, record) === undefined && isAlive(tree.leader)) {
        await this.#pause(runDirectory(script, record), 50)
      }
    }
    await killTree(tree)
    return end
  }

  /** Waits for the given time; less when the run's shell ends or the signal comes. */
  #pause(run: string, ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        this.#waiting.delete(run)
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal?.addEventListener('abort', done)
      this.#waiting.set(run, done)
    })
  }
}

type Running = { record: ScriptRecord; end?: ScriptEnd }

/** A script that an earlier agent was killing ended because of that, whatever it said at last. */
function endWith(code: number, { killed }: ScriptRecord): ScriptEnd {
  return killed ?? { kind: 'exited', code }
}

/** A script that is to end, and is gone, has done what it was asked. */
function asAsked(end: ScriptEnd, signal: AbortSignal): ScriptEnd {
  return end.kind === 'lost' && signal.aborted ? { kind: 'cancelled' } : end
}

/** A script that is asked to end before it began. */
function stopped({ reason }: AbortSignal): ScriptResult {
  if (reason instanceof Detached) throw reason
  return { end: { kind: 'cancelled' }, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }
}

type Sizes = { stdoutTo: number; stderrTo: number }

async function resultOf(script: Script, from: ScriptRecord, end: ScriptEnd, to: Partial<Sizes>): Promise<ScriptResult> {
  return {
    end,
    stdout: await readRange(script.stdout, from.stdoutFrom, to.stdoutTo ?? 0),
    stderr: await readRange(script.stderr, from.stderrFrom, to.stderrTo ?? 0),
  }
}

/** Writes what the run needs; answers why it cannot begin. */
async function prepare(script: Script, record: ScriptRecord): Promise<string | undefined> {
  const directory = await stat(script.workingDirectory).catch(() => undefined)
  if (!directory?.isDirectory()) return `chdir ${script.workingDirectory}: no such file or directory`
  try {
    await mkdir(runDirectory(script, record), { recursive: true, mode: 0o700 })
    // The system refuses to run what somebody has open for writing («text file busy»), and a process that is forked meanwhile has, for
    // a moment that may outlive us. So it is a new file each time, and nothing can be forked before it is closed.
    const path = join(script.directory, script.fileName)
    rmSync(path, { force: true })
    writeFileSync(path, script.text, { mode: 0o700, flag: 'wx' })
  } catch (error) {
    return sentenceOf(error)
  }
}

/** Claims a run in the shell's place; true when the shell had not claimed it, and now never can. */
function revoke(script: Script, record: ScriptRecord): boolean {
  const run = runDirectory(script, record)
  try {
    mkdirSync(run, { recursive: true, mode: 0o700 })
    writeFileSync(join(run, 'process'), 'revoked\n', { flag: 'wx' })
    return true
  } catch {
    return false
  }
}

/** The process id of a run that is not our child; undefined when it is no more. */
function adoptable(run: string): number | undefined {
  const pid = readProcess(run)?.pid
  if (pid === undefined) return undefined
  return processArguments(pid)?.includes(` ${shellName} ${run} `) ? pid : undefined
}

function isAlive(pid: number): boolean {
  return processArguments(pid) !== undefined
}

function readExit(script: Script, record: ScriptRecord): number | undefined {
  return readProcess(runDirectory(script, record))?.exitCode
}

/** What the shell of a run has told so far; a line counts once it is whole. */
function readProcess(run: string): { pid: number; exitCode: number | undefined } | undefined {
  const match = /^(\d+)\n(?:(\d+)\n)?/.exec(readText(join(run, 'process')))
  return match ? { pid: Number(match[1]), exitCode: match[2] === undefined ? undefined : Number(match[2]) } : undefined
}

function dropExcess(script: Script): void {
  for (const path of [script.stdout, script.stderr]) {
    if (sizeOf(path) > outputLimitBytes) truncateSync(path, outputLimitBytes)
  }
}

function sizesNow(script: Script): Sizes {
  return { stdoutTo: sizeOf(script.stdout), stderrTo: sizeOf(script.stderr) }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

async function readRange(path: string, from: number, to: number): Promise<Buffer> {
  const length = Math.min(to - from, returnedBytes)
  if (length <= 0) return Buffer.alloc(0)
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

const markerName = 'STEWARD_SCRIPT'

function runDirectory(script: Script, record: { run: number }): string {
  return join(script.directory, `run-${record.run}`)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
