/*
 * Runs one step of a prepared document: decides whether it runs at all, hands it to its plugin, and turns the plugin's
 * result into the step's. The same code runs the steps of a command and those of a document inside aws:runDocument.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject, ResultStatus } from '@steward/protocol'
import { type ScriptJournal, scriptKey } from '#commands/journal-record.ts'
import { combineOutput } from '#commands/output-limits.ts'
import type { DocumentStep } from '#document/document.ts'
import type { StoredParameters } from '#document/parameter-store.ts'
import { evaluatePreconditions } from '#document/precondition.ts'
import { type PreparedDocument, prepareDocument } from '#document/prepare-document.ts'
import { decideStep, exitCode, isExited, onFailure, type PluginSupport, type StepEnd } from '#document/step-flow.ts'
import { replaceFile } from '#durable-file.ts'
import { sentenceOf } from '#log.ts'
import {
  failed,
  mergeResults,
  type Plugin,
  type PluginIo,
  type PluginResult,
  type PluginServer,
} from '#plugins/plugin.ts'
import type { ScriptRunner } from '#scripts/script-runner.ts'
import { Cancelled, Detached } from '#stop-reason.ts'

/** What a step came to, with the text that a reply shows as its output. */
export type StepOutcome = PluginResult & { output: string }

/** What steps of one command run with. */
export type StepContext = {
  plugins: ReadonlyMap<string, Plugin>
  server: PluginServer
  scripts: ScriptRunner
  journal: ScriptJournal
  platformType: string
  /** The command's folder. */
  orchestration: string
  environment: { [name: string]: string | undefined }
  fetchStored(references: string[]): Promise<StoredParameters>
}

/** Where a step stands: the step of the command it belongs to, and the way down to it inside nested documents. */
export type StepPlace = { step: number; folder: string; path: (string | number)[] }

/** Files that collect what a step's scripts write. */
export function stepStreams(folder: string): { stdout: string; stderr: string } {
  return { stdout: join(folder, 'stdout'), stderr: join(folder, 'stderr') }
}

/** The folder of a step of the command. */
export function stepFolderOf(orchestration: string, name: string, index: number): string {
  return join(orchestration, `${index}-${name.replace(/[^\w.-]/g, '')}`)
}

/** Runs, skips or fails one step. Throws only Detached. */
export async function runStep(
  prepared: PreparedDocument,
  index: number,
  ends: (StepEnd | undefined)[],
  place: StepPlace,
  context: StepContext,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const step = prepared.steps[index]!
  // A script that an earlier agent began is still to be stopped.
  const mayRun = context.journal.mayRun(`${scriptKey(place.step, ...place.path)}.`)
  if (signal.reason instanceof Cancelled && !mayRun) return cancelled
  const verdict =
    Object.keys(step.precondition).length > 0
      ? evaluatePreconditions(step.precondition, prepared.values, context.platformType)
      : undefined
  const support = supportOf(step.plugin, context)
  const decision = decideStep(step, prepared.crossPlatform, support, isExited(prepared.steps, index, ends), verdict)
  if (decision.do === 'skip') return withoutRun('Skipped', 0, decision.message)
  if (decision.do === 'fail') return withoutRun('Failed', 1, decision.message)
  await mkdir(place.folder, { recursive: true, mode: 0o700 })
  const io = pluginIo(prepared, place, context, signal)
  return finishStep(step, await runPlugin(context.plugins.get(step.plugin)!, step, io, signal))
}

/** A step that a cancellation kept from beginning. */
export const cancelled: StepOutcome = withoutRun('Cancelled', exitCode.killed, '')

function withoutRun(status: ResultStatus, code: number, output: string): StepOutcome {
  return { status, code, output, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }
}

async function runPlugin(plugin: Plugin, step: DocumentStep, io: PluginIo, signal: AbortSignal): Promise<PluginResult> {
  try {
    return await plugin.run({ name: step.name, plugin: step.plugin, inputs: step.inputs }, io, signal)
  } catch (error) {
    if (signal.reason instanceof Detached || error instanceof Detached) throw new Detached()
    return signal.aborted ? cancelled : failed(sentenceOf(error))
  }
}

/** Applies what exit codes and onFailure mean for the step itself. */
function finishStep(step: DocumentStep, result: PluginResult): StepOutcome {
  const { status, code, stdout, stderr } = result
  const output = combineOutput(stdout, code === exitCode.success ? Buffer.alloc(0) : stderr)
  const add = (text: Buffer, sentence: string) => Buffer.concat([text, Buffer.from(sentence)])
  if (code === exitCode.success) {
    return { status: 'Success', code, output, stdout: add(stdout, sentences.success), stderr: Buffer.alloc(0) }
  }
  if (code === exitCode.failure) {
    return { status, code, output, stdout: add(stdout, sentences.failure), stderr: add(stderr, sentences.failure) }
  }
  const exit = status === 'Failed' ? onFailure(step) : undefined
  if (!exit) return { ...result, output, code: status === 'Failed' && code === 0 ? 1 : code }
  const told = { output, stdout: add(stdout, sentences.onFailure), stderr: add(stderr, sentences.onFailure) }
  return exit === 'exit' ? { ...told, status, code: code || 1 } : { ...told, status: 'Success', code: exitCode.success }
}

const sentences = {
  success: '\nStep exited with code 168. Therefore, marking step as succeeded. Further document steps will be skipped.',
  failure: '\nStep exited with code 169. Therefore, marking step as Failed. Further document steps will be skipped.',
  onFailure: '\nStep was found to have onFailure property. Further document steps will be skipped.',
} as const

const windowsPlugins = ['aws:applications', 'aws:cloudWatch', 'aws:configureDaemon', 'aws:psModule', 'aws:updateAgent']

/**
 * Amazon's plugins that its agent does not have on a platform either (runpluginutil_*.go and plugin_*.go of amazon-ssm-agent 3.3):
 * documents for several platforms pass over them. The others that this agent does not have are as unknown to it as any, so that
 * nobody takes for done what was not.
 */
const pluginsElsewhere: { [platformType: string]: ReadonlySet<string> } = {
  Linux: new Set(windowsPlugins),
  MacOS: new Set([...windowsPlugins, 'aws:configureDocker', 'aws:domainJoin', 'aws:runDockerAction']),
}

function supportOf(plugin: string, { plugins, platformType }: StepContext): PluginSupport {
  if (plugins.has(plugin)) return 'runs'
  return pluginsElsewhere[platformType]?.has(plugin) ? 'elsewhere' : 'unknown'
}

function pluginIo(prepared: PreparedDocument, place: StepPlace, context: StepContext, signal: AbortSignal): PluginIo {
  const { folder, path, step } = place
  return {
    downloads: join(context.orchestration, 'downloads'),
    server: context.server,

    script(request) {
      const { key, environment, ...rest } = request
      const script = {
        ...rest,
        ...stepStreams(folder),
        key: scriptKey(step, ...path, key),
        directory: join(folder, ...path.map(String), `script-${key}`),
        environment: { ...context.environment, ...prepared.environment, ...environment },
      }
      return context.scripts.run(script, context.journal, signal)
    },

    async once(name, compute) {
      const file = join(folder, ['once', ...path, name].join('-'))
      const known = await readFile(file, 'utf8').catch(() => undefined)
      if (known !== undefined) return known
      const text = await compute()
      await replaceFile(file, text)
      return text
    },

    document(content, parameters) {
      return runNested(content, parameters, place, context, signal)
    },
  }
}

const deepestNesting = 3

async function runNested(
  content: JsonObject,
  parameters: JsonObject,
  place: StepPlace,
  context: StepContext,
  signal: AbortSignal,
): Promise<PluginResult> {
  const depth = place.path.length + 1
  if (depth > deepestNesting) {
    return failed(
      `Maximum depth for document execution exceeded. Maximum depth permitted - ${deepestNesting} and current depth - ${depth}`,
    )
  }
  const prepared = await prepareDocument(content, parameters, context.fetchStored)
  const outcomes: StepOutcome[] = []
  for (const index of prepared.steps.keys()) {
    const inside = { ...place, path: [...place.path, index] }
    outcomes.push(withoutReboot(await runStep(prepared, index, outcomes, inside, context, signal)))
  }
  const merged = mergeResults(outcomes.map((outcome) => ({ ...outcome, stderr: ownWords(outcome) })))
  // Exit codes that end a document end the inner one only.
  return { ...merged, code: nestedCode(merged.status) }
}

function nestedCode(status: ResultStatus): number {
  if (status === 'Failed') return 1
  return status === 'TimedOut' || status === 'Cancelled' ? exitCode.killed : 0
}

/** AGT-11: a reboot is not honoured inside aws:runDocument. */
function withoutReboot(outcome: StepOutcome): StepOutcome {
  if (outcome.status !== 'SuccessAndReboot') return outcome
  const sentence = `failed to run commands: exit status ${exitCode.reboot}`
  return { ...outcome, status: 'Failed', stderr: Buffer.concat([outcome.stderr, Buffer.from(sentence)]) }
}

/** A step that failed without running tells why in its output alone. */
function ownWords(outcome: StepOutcome): Buffer {
  const silent = outcome.stdout.length === 0 && outcome.stderr.length === 0
  return outcome.status === 'Failed' && silent ? Buffer.from(outcome.output) : outcome.stderr
}
