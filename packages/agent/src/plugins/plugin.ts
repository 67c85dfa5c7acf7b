import type { JsonObject, ResultStatus } from '@steward/protocol'
import type { ScriptResult } from '#scripts/script-runner.ts'

/** A step to run: inputs have their parameters filled in. */
export type PluginStep = {
  name: string
  plugin: string
  inputs: unknown
}

/** What a step came to. Outputs may be longer than a reply carries. */
export type PluginResult = { status: ResultStatus; code: number; stdout: Buffer; stderr: Buffer }

/** A script as a plugin asks for it; where it lies and how its run is recorded is not the plugin's concern. */
export type ScriptRequest = {
  /** Tells the scripts of one step apart; the same again after a restart. */
  key: string
  fileName: string
  text: string
  command(scriptPath: string): string[]
  workingDirectory: string
  environment: { [name: string]: string }
  timeoutSeconds: number
}

/**
 * What a plugin may use. Everything a plugin does after a restart of the agent must come out as before it: `script`
 * remembers which scripts ran, and `once` what was fetched.
 */
export type PluginIo = {
  /** Where downloads go, and where scripts of this command find them. */
  downloads: string
  /** Runs a script at most once, however often it is asked for. */
  script(request: ScriptRequest): Promise<ScriptResult>
  /** Computes a text once; later calls with that name get the same text. */
  once(name: string, compute: () => Promise<string>): Promise<string>
  /** Runs the steps of a document inside this step and merges their results. */
  document(content: JsonObject, parameters: JsonObject): Promise<PluginResult>
  server: PluginServer
}

/** What a plugin may ask of the server, with the node's credentials. */
export type PluginServer = {
  url: string
  region: string
  /** PEM of the certificate authority of the server; absent: the system's. */
  ca: string | undefined
  getDocument(name: string, version: string | undefined): Promise<string>
  /** The value of a parameter, decrypted. */
  getSecret(name: string): Promise<string>
  credentials(): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined }>
}

/**
 * One action of documents. `run` reports every failure of the step in its result or by throwing; when the signal is
 * aborted it may throw the signal's reason.
 */
export type Plugin = {
  name: string
  run(step: PluginStep, io: PluginIo, signal: AbortSignal): Promise<PluginResult>
}

/** A failed result with a sentence on stderr. */
export function failed(sentence: string): PluginResult {
  return { status: 'Failed', code: 1, stdout: Buffer.alloc(0), stderr: Buffer.from(sentence) }
}

/** A successful result with a sentence on stdout. */
export function succeeded(sentence: string): PluginResult {
  return { status: 'Success', code: 0, stdout: Buffer.from(sentence), stderr: Buffer.alloc(0) }
}

const byGravity: ResultStatus[] = [
  'Skipped',
  'Success',
  'SuccessAndReboot',
  'PassedAndReboot',
  'NotStarted',
  'InProgress',
  'Failed',
  'Cancelled',
  'TimedOut',
]

/** One result of several: outputs one after the other, the graver status, the first exit code that is not 0. Of none it is a success. */
export function mergeResults(results: PluginResult[]): PluginResult {
  return {
    status: results.map(({ status }) => status).reduce(graver, 'Success'),
    code: results.find(({ code }) => code !== 0)?.code ?? 0,
    stdout: joinLines(results.map(({ stdout }) => stdout)),
    stderr: joinLines(results.map(({ stderr }) => stderr)),
  }
}

function graver(a: ResultStatus, b: ResultStatus): ResultStatus {
  return byGravity.indexOf(a) >= byGravity.indexOf(b) ? a : b
}

function joinLines(outputs: Buffer[]): Buffer {
  const join = (joined: Buffer, next: Buffer) =>
    joined.length > 0 ? Buffer.concat([joined, Buffer.from('\n'), next]) : next
  return outputs.reduce(join, Buffer.alloc(0))
}
