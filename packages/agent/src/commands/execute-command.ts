/*
 * The life of one command on this node, from its first step to its last reply. Everything that was decided is in the
 * journal before anybody hears of it, so this function may be started again after a crash at any point: steps that ended
 * are not run again, a script that still runs is taken up, and the replies that the server has not acknowledged go out
 * with the ids they had.
 */
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSendCommand, type ResultStatus, type StepResult, topicPrefix } from '@steward/protocol'
import type { Journal } from '#commands/journal.ts'
import type { JournalRecord } from '#commands/journal-record.ts'
import { limitStream } from '#commands/output-limits.ts'
import type { OutputSender } from '#commands/output-sender.ts'
import type { Reboot } from '#commands/reboot.ts'
import { replyContent } from '#commands/reply.ts'
import type { ReplyOutbox } from '#commands/reply-outbox.ts'
import {
  cancelled,
  runStep,
  type StepContext,
  type StepOutcome,
  stepFolderOf,
  stepStreams,
} from '#commands/run-step.ts'
import { DocumentError } from '#document/document-error.ts'
import { fetchStored, type GetParameters } from '#document/parameter-store.ts'
import { type PreparedDocument, prepareDocument } from '#document/prepare-document.ts'
import { documentStatus, exitCode } from '#document/step-flow.ts'
import { type Log, sentenceOf } from '#log.ts'
import type { CommandOutputs, OutputPlace } from '#outputs/command-outputs.ts'
import type { OutputServices } from '#outputs/output-services.ts'
import type { Plugin, PluginServer } from '#plugins/plugin.ts'
import type { ScriptRunner } from '#scripts/script-runner.ts'
import { Cancelled, Detached } from '#stop-reason.ts'

/** What commands need of the agent. */
export type CommandHost = {
  plugins: ReadonlyMap<string, Plugin>
  server: PluginServer
  getParameters: GetParameters
  scripts: ScriptRunner
  outbox: Pick<ReplyOutbox, 'add' | 'drained'>
  output: Pick<OutputSender, 'follow' | 'finish'>
  log: Log
  platformType: string
  /** The folder of all commands' folders. */
  orchestration: string
  /** Where a command's output is, below what it names itself. */
  outputFolder(commandId: string): string
  environment(commandId: string): { [name: string]: string | undefined }
  now(): number
  newId(): string
  /** A reply of that command was acknowledged. */
  settled(commandId: string): Promise<void>
  /** Loaded when the first command wants it. */
  outputServices(): Promise<OutputServices>
  reboot: Reboot
  maxReboots: number
}

/** Runs a command to its end; what waits for a restart of the machine is gone with it. Throws only Detached. */
export async function executeCommand(
  commandId: string,
  journal: Journal,
  host: CommandHost,
  signal: AbortSignal,
): Promise<void> {
  const { state } = journal
  const execution = new Execution(commandId, journal, host, signal)
  if (!state.began) await execution.tell({ type: 'began', replyId: host.newId(), at: execution.at() })
  let prepared: PreparedDocument
  try {
    prepared = await execution.prepare()
  } catch (error) {
    if (signal.reason instanceof Detached || error instanceof Detached) throw new Detached()
    if (!(error instanceof DocumentError))
      host.log.warn('a document could not be prepared', { commandId, why: sentenceOf(error) })
    await execution.finish(signal.aborted ? 'Cancelled' : 'Failed', signal.aborted ? '' : sentenceOf(error), [])
    return
  }
  try {
    await execution.runSteps(prepared)
  } finally {
    execution.leave()
  }
}

/** Ends a command that never began, because it was cancelled while it waited. */
export async function cancelWaiting(commandId: string, journal: Journal, host: CommandHost): Promise<void> {
  const controller = new AbortController()
  controller.abort(new Cancelled())
  await executeCommand(commandId, journal, host, controller.signal)
}

class Execution {
  readonly #commandId: string
  readonly #journal: Journal
  readonly #host: CommandHost
  readonly #signal: AbortSignal
  /** Undefined when the command wants its output nowhere but with the server. */
  #outputs: CommandOutputs | undefined

  constructor(commandId: string, journal: Journal, host: CommandHost, signal: AbortSignal) {
    this.#commandId = commandId
    this.#journal = journal
    this.#host = host
    this.#signal = signal
  }

  at(): string {
    return new Date(this.#host.now()).toISOString()
  }

  prepare(): Promise<PreparedDocument> {
    const content = parseSendCommand(this.#journal.state.accepted!.content)
    return prepareDocument(content.documentContent, content.parameters, (references) => this.#stored(references))
  }

  /** Follows no output any more. */
  leave(): void {
    this.#outputs?.stop()
  }

  async runSteps(prepared: PreparedDocument): Promise<void> {
    const { state } = this.#journal
    const context = this.#context()
    this.#outputs = await this.#openOutputs()
    for (const index of prepared.steps.keys()) {
      this.#followOutput(prepared, index)
      if (state.stepEnded.has(index)) continue
      await this.#outputs?.follow(prepared.steps[index]!, stepStreams(this.#folder(prepared, index)))
      const outcome = this.#rebootingWith(index) ?? (await this.#runStep(prepared, index, context))
      const isReboot = outcome.status === 'SuccessAndReboot'
      await this.#tellStep(prepared, index, isReboot ? await this.#reboot(prepared, index, outcome) : outcome)
    }
    if (!state.finished) await this.tell(this.#finished(prepared, this.#statuses(prepared.steps.length)))
  }

  async finish(status: ResultStatus, trace: string, steps: number[]): Promise<void> {
    const { newId } = this.#host
    await this.tell({ type: 'finished', status, trace, steps, replyId: newId(), at: this.at() })
  }

  /** Writes records down and then sends the replies they stand for. */
  async tell(...records: JournalRecord[]): Promise<void> {
    await this.#appendPatiently(records)
    for (const record of records) {
      if ('replyId' in record) sendReply(this.#commandId, this.#journal, this.#host, record.replyId, record)
    }
  }

  /** A result must not be lost because the disk is full for a while. */
  async #appendPatiently(records: JournalRecord[]): Promise<void> {
    // Beginnings are no results: what follows them makes them durable too.
    const durable = records.some(({ type }) => type !== 'began' && type !== 'stepBegan') ? 'durable' : undefined
    for (let waitMs = 500; ; waitMs = Math.min(waitMs * 2, 30_000)) {
      try {
        return await this.#journal.appendAll(records, durable)
      } catch (error) {
        if (error instanceof Detached) throw error
        this.#host.log.error('a result cannot be written down yet', {
          commandId: this.#commandId,
          why: sentenceOf(error),
        })
        await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
    }
  }

  async #runStep(prepared: PreparedDocument, index: number, context: StepContext): Promise<StepOutcome> {
    if (this.#signal.reason instanceof Detached) throw this.#signal.reason
    if (this.#signal.aborted && !this.#journal.state.stepBegan.has(index)) return cancelled
    await this.#appendPatiently([{ type: 'stepBegan', step: index, at: this.at() }])
    const ends = prepared.steps.map((_, step) => this.#journal.state.stepEnded.get(step)?.result)
    const folder = this.#folder(prepared, index)
    const outcome = await runStep(prepared, index, ends, { step: index, folder, path: [] }, context, this.#signal)
    await this.#keepText(folder, index, outcome)
    return outcome
  }

  #folder(prepared: PreparedDocument, index: number): string {
    return stepFolderOf(join(this.#host.orchestration, this.#commandId), prepared.steps[index]!.name, index)
  }

  /** Puts the words of a plugin that ran no script where the output of scripts is. */
  async #keepText(folder: string, index: number, outcome: StepOutcome): Promise<void> {
    const ranScripts = [...this.#journal.state.scripts.keys()].some((key) => key.startsWith(`${index}.`))
    if (ranScripts) return
    const streams = stepStreams(folder)
    for (const stream of ['stdout', 'stderr'] as const) {
      const exists = await stat(streams[stream]).catch(() => undefined)
      if (exists || outcome[stream].length === 0) continue
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(streams[stream], outcome[stream], { mode: 0o600 })
    }
  }

  async #openOutputs(): Promise<CommandOutputs | undefined> {
    const order = parseSendCommand(this.#journal.state.accepted!.content)
    if (order.outputS3BucketName === '' && !order.cloudWatchOutputEnabled) return undefined
    const { CommandOutputs } = await import('#outputs/command-outputs.ts')
    const folder = this.#host.outputFolder(this.#commandId)
    return new CommandOutputs(order, folder, await this.#host.outputServices())
  }

  #followOutput(prepared: PreparedDocument, index: number): void {
    const { accepted } = this.#journal.state
    this.#host.output.follow(accepted!.jobId, prepared.steps[index]!.name, stepStreams(this.#folder(prepared, index)))
  }

  /** Tells that a step ended, once its output is where the command wants it, and with the last one that all did. */
  async #tellStep(prepared: PreparedDocument, index: number, outcome: StepOutcome): Promise<void> {
    const files = stepStreams(this.#folder(prepared, index))
    const place = await this.#outputs?.deliver(prepared.steps[index]!, files, outcome)
    const records = [this.#stepEnded(prepared, index, outcome, place)]
    const isLast = index === prepared.steps.length - 1
    if (isLast) records.push(this.#finished(prepared, [...this.#statuses(index), outcome.status]))
    await this.tell(...records)
  }

  #stepEnded(prepared: PreparedDocument, index: number, outcome: StepOutcome, place?: OutputPlace): JournalRecord {
    const { name, plugin } = prepared.steps[index]!
    const at = this.at()
    const result: StepResult = {
      name: plugin,
      status: outcome.status,
      code: outcome.code,
      output: outcome.output,
      standardOutput: limitStream(outcome.stdout),
      standardError: limitStream(outcome.stderr),
      startDateTime: this.#journal.state.stepBegan.get(index) ?? at,
      endDateTime: at,
      outputS3BucketName: '',
      outputS3KeyPrefix: '',
      stepName: '',
      ...place,
    }
    return { type: 'stepEnded', step: index, name, result, replyId: this.#host.newId(), at }
  }

  #finished(prepared: PreparedDocument, statuses: ResultStatus[]): JournalRecord {
    // Only a document's single step is repeated in its last reply; Amazon's agent does so too.
    const steps = prepared.steps.length === 1 ? [0] : []
    const status = documentStatus(statuses)
    const trace = this.#outputs?.troubles.join('\n') ?? ''
    return { type: 'finished', status, trace, steps, replyId: this.#host.newId(), at: this.at() }
  }

  /** Statuses of the steps before that one. */
  #statuses(before: number): ResultStatus[] {
    return [...this.#journal.state.stepEnded].filter(([step]) => step < before).map(([, { result }]) => result.status)
  }

  /** What a step came to that asked an earlier agent for a restart which is still to come: it does not run before that. */
  #rebootingWith(index: number): StepOutcome | undefined {
    const { rebooting } = this.#journal.state
    if (rebooting?.step !== index || !this.#host.reboot.isAhead(rebooting.boot)) return undefined
    const { status, code, output, standardOutput, standardError } = rebooting.result
    return { status, code, output, stdout: Buffer.from(standardOutput), stderr: Buffer.from(standardError) }
  }

  /** Restarts the machine for a step that asked for it. Resolves only if it stays up, with what the step then comes to. */
  async #reboot(prepared: PreparedDocument, index: number, outcome: StepOutcome): Promise<StepOutcome> {
    const { accepted, reboots } = this.#journal.state
    const { reboot, maxReboots, newId, outbox } = this.#host
    const refusal = reboots >= maxReboots ? 'the node cannot be restarted for it again' : ''
    if (this.#signal.aborted || refusal) return withoutReboot(outcome, this.#signal, refusal)
    const ended = this.#stepEnded(prepared, index, outcome)
    await this.tell(ended, { type: 'rebooting', step: index, boot: reboot.bootId, replyId: newId(), at: this.at() })
    // The server should know before the machine is gone; but it may be the server that is away.
    await Promise.race([outbox.drained(accepted!.jobId), elapsed(10_000)])
    const why = this.#signal.aborted ? '' : await reboot.ask(this.#signal)
    return withoutReboot(outcome, this.#signal, why)
  }

  async #stored(references: string[]): Promise<Journal['state']['parameters']> {
    const missing = references.filter((reference) => !Object.hasOwn(this.#journal.state.parameters, reference))
    if (missing.length > 0) {
      // Kept, because the values may be others, or the server away, when the agent comes back.
      await this.#journal.append({ type: 'parameters', values: await fetchStored(missing, this.#host.getParameters) })
    }
    return this.#journal.state.parameters
  }

  #context(): StepContext {
    const { plugins, server, scripts, platformType, orchestration, environment } = this.#host
    return {
      plugins,
      server,
      scripts,
      platformType,
      journal: this.#journal,
      orchestration: join(orchestration, this.#commandId),
      environment: environment(this.#commandId),
      fetchStored: (references) => this.#stored(references),
    }
  }
}

/** Sends the reply about a record; the last one waits until the server has the command's output. */
export function sendReply(
  commandId: string,
  journal: Journal,
  host: CommandHost,
  replyId: string,
  record: JournalRecord,
): void {
  const { jobId } = journal.state.accepted!
  const content = replyContent(record, journal.state)
  const acknowledged = async () => {
    try {
      await journal.append({ type: 'acknowledged', replyId })
      await host.settled(commandId)
    } catch (error) {
      if (!(error instanceof Detached))
        host.log.warn('an acknowledgement was not written down', { commandId, why: sentenceOf(error) })
    }
  }
  const send = () => host.outbox.add({ id: replyId, jobId, topic: topicPrefix.sendCommand, content, acknowledged })
  if (record.type === 'finished') void host.output.finish(jobId).then(send)
  else send()
}

/** A step whose restart did not come: it failed, unless it was cancelled meanwhile. */
function withoutReboot(outcome: StepOutcome, signal: AbortSignal, why: string): StepOutcome {
  if (signal.reason instanceof Detached) throw signal.reason
  if (signal.aborted) return { ...outcome, status: 'Cancelled', code: exitCode.killed }
  const sentence = `failed to run commands: exit status ${exitCode.reboot}, and ${why}`
  return {
    ...outcome,
    status: 'Failed',
    output: `${outcome.output}${sentence}`,
    stderr: Buffer.concat([outcome.stderr, Buffer.from(sentence)]),
  }
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
