/*
 * NonInteractiveCommands: a program without a terminal. What it writes goes out as it comes: as one stream, or, when the
 * document asks, as two and with its exit code at the end. Its standard input is empty, and the client's Ctrl-C and Ctrl-\
 * become signals; unless the client is ours and asked to send the standard input itself: then its bytes are passed on as they
 * are, and the end of input and signals are flags.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import * as os from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { formatExitCode, parseFlag, payloadType, sessionFlag } from '@steward/protocol/session/index.ts'
import { sentenceOf } from '#log.ts'
import { killTree } from '#scripts/process-tree.ts'
import { lookAt, type Program } from '#sessions/program.ts'
import type { SessionChannel, StreamMessage } from '#sessions/session-channel.ts'
import { endedWell, type SessionEnd, type SessionKind } from '#sessions/session-kind.ts'
import type { SessionRequest } from '#sessions/session-request.ts'
import type { Transcript } from '#sessions/transcript.ts'

export type CommandSessionOptions = {
  channel: SessionChannel
  program: Program
  /** The program that is run, before it was made another user's. */
  name: string
  request: SessionRequest
  standardInput: boolean
  transcript: Transcript
}

type Exit = { code: number | null; signal: NodeJS.Signals | null }

const failedQuietly: SessionEnd = { status: 'Failed', output: '' }

const signalOfByte: { [byte: number]: NodeJS.Signals } = { 3: 'SIGINT', 28: 'SIGQUIT' }

const signalOfFlag: { [flag: number]: NodeJS.Signals } = {
  [sessionFlag.interrupt]: 'SIGINT',
  [sessionFlag.quit]: 'SIGQUIT',
  [sessionFlag.terminate]: 'SIGTERM',
  [sessionFlag.hangUp]: 'SIGHUP',
}

export class CommandSession implements SessionKind {
  readonly #options: CommandSessionOptions
  /** What came before the program was started. */
  readonly #early: StreamMessage[] = []
  #child: ChildProcess | undefined
  #stopped = false

  constructor(options: CommandSessionOptions) {
    this.#options = options
  }

  async run(): Promise<SessionEnd> {
    const { program, name, channel } = this.#options
    const missing = whyNotRunnable(name, program)
    if (missing) return this.#notStarted(missing.why, missing.code)
    const child = this.#start()
    const exited = exitOf(child)
    channel.onRoom(() => {
      child.stdout?.resume()
      child.stderr?.resume()
    })
    const ends = [
      this.#pass(child.stdout!, payloadType.output, this.#options.request.outputPrefix),
      this.#pass(child.stderr!, this.#errorType, this.#options.request.errorPrefix),
    ]
    const exit = await exited
    if (exit instanceof Error) return this.#notStarted(sentenceOf(exit), 126)
    await this.#endTree()
    await Promise.all(ends)
    return this.#ended(exit)
  }

  received(message: StreamMessage): void {
    if (!this.#child) {
      this.#early.push(message)
      return
    }
    const { payloadType: type, payload } = message
    const { standardInput } = this.#options
    if (type === payloadType.output && standardInput) void this.#write(payload)
    else if (type === payloadType.output) this.#signal(signalOfByte[payload[0]!], payload.length === 1)
    else if (type === payloadType.flag && standardInput) this.#flagged(parseFlag(payload))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#endTree()
  }

  #start(): ChildProcess {
    const { program, standardInput } = this.#options
    const [file = '', ...args] = program.command
    this.#child = spawn(file, args, {
      cwd: program.directory,
      env: program.environment,
      stdio: [standardInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      detached: true,
    })
    // Who reads no more input has enough of it.
    this.#child.stdin?.on('error', () => this.#options.channel.release())
    for (const message of this.#early.splice(0)) this.received(message)
    return this.#child
  }

  get #errorType(): number {
    return this.#options.request.separateOutput ? payloadType.stdErr : payloadType.output
  }

  #pass(stream: Readable, type: number, prefix: string): Promise<void> {
    const { channel, transcript } = this.#options
    stream.on('data', (bytes: Buffer) => {
      transcript.shown(bytes)
      channel.send(type, prefix ? Buffer.concat([Buffer.from(prefix), bytes]) : bytes)
      if (!channel.hasRoom) stream.pause()
    })
    return new Promise((resolve) => stream.once('close', resolve))
  }

  /** Passes input on; what the program does not take yet stays with the client. */
  async #write(bytes: Uint8Array): Promise<void> {
    const { channel } = this.#options
    const input: Writable = this.#child!.stdin!
    if (input.destroyed || input.writableEnded) return
    if (input.write(bytes)) return
    channel.hold()
    input.once('drain', () => channel.release())
  }

  #flagged(flag: number): void {
    if (flag === sessionFlag.endOfInput) this.#child?.stdin?.end()
    else if (flag === sessionFlag.terminateSession) void this.stop()
    else this.#signal(signalOfFlag[flag], true)
  }

  #signal(signal: NodeJS.Signals | undefined, isMeant: boolean): void {
    const pid = this.#child?.pid
    if (!signal || !isMeant || pid === undefined) return
    try {
      process.kill(-pid, signal)
    } catch {
      // Gone already.
    }
  }

  #notStarted(why: string, code: number): SessionEnd {
    const { channel, request, standardInput } = this.#options
    if (request.separateOutput) {
      channel.send(payloadType.stdErr, `${why}\n`)
      channel.send(payloadType.exitCode, formatExitCode(standardInput ? code : 1))
    }
    return failedQuietly
  }

  #ended({ code, signal }: Exit): SessionEnd {
    const { channel, request, standardInput } = this.#options
    const ofSignal = standardInput && signal ? 128 + os.constants.signals[signal] : 1
    if (request.separateOutput && !this.#stopped) channel.send(payloadType.exitCode, formatExitCode(code ?? ofSignal))
    return signal && !this.#stopped ? failedQuietly : endedWell
  }

  async #endTree(): Promise<void> {
    const pid = this.#child?.pid
    if (pid !== undefined) {
      await killTree({ leader: pid, marker: this.#stopped ? this.#options.program.marker : undefined })
    }
  }
}

function exitOf(child: ChildProcess): Promise<Exit | Error> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', resolve)
  })
}

/** Why a program cannot be run, with the exit code by which shells say so. */
function whyNotRunnable(name: string, { environment, directory }: Program): { why: string; code: number } | undefined {
  const folders = name.includes('/') ? [''] : (environment.PATH ?? '').split(':')
  const paths = folders.map((folder) => resolve(directory, join(folder, name)))
  const files = paths.filter((path) => lookAt(path)?.isFile())
  if (files.length === 0) return { why: `${name}: no such file or directory`, code: 127 }
  return files.some(isExecutable) ? undefined : { why: `${name}: permission denied`, code: 126 }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
