import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { objectOr } from '#document/document.ts'
import { textOf } from '#document/parameter-references.ts'
import { exitCode } from '#document/step-flow.ts'
import { type Inputs, inputText, readInputs } from '#plugins/inputs.ts'
import { mergeResults, type PluginIo, type PluginResult, type PluginStep } from '#plugins/plugin.ts'
import type { ScriptResult } from '#scripts/script-runner.ts'

/** What runs a script: file name, text before the lines, and the command for the script's path. */
export type Interpreter = { fileName: string; prefix: string; command(scriptPath: string): string[] }

/** Runs `runCommand` of a step. Schema 1.x may give a list of inputs: each runs, and they make one result. */
export async function runScriptStep(step: PluginStep, io: PluginIo, interpreter: Interpreter): Promise<PluginResult> {
  if (!Array.isArray(step.inputs)) return runOne(readInputs(step.inputs), '0', io, interpreter)
  const results: PluginResult[] = []
  for (const [index, inputs] of step.inputs.entries()) {
    results.push(await runOne(readInputs(inputs), String(index), io, interpreter))
  }
  return mergeResults(results)
}

async function runOne(inputs: Inputs, key: string, io: PluginIo, interpreter: Interpreter): Promise<PluginResult> {
  const environment = Object.entries(objectOr(inputs.get('environment'))).map(([name, value]) => [name, textOf(value)])
  const result = await io.script({
    key,
    fileName: interpreter.fileName,
    text: `${interpreter.prefix}${commandLines(inputs.get('runcommand')).join('\n')}\n`,
    command: interpreter.command,
    workingDirectory: workingDirectory(inputText(inputs, 'workingDirectory'), io.downloads),
    environment: Object.fromEntries(environment),
    timeoutSeconds: timeoutSeconds(inputs.get('timeoutseconds')),
  })
  return resultOf(result)
}

/** The lines of a script: a text, a list, or lists in a list, as parameters of lists leave them. */
export function commandLines(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(commandLines)
  return value == null ? [] : [textOf(value)]
}

/** Relative paths are below what the command downloaded; without such a folder, scripts start where the agent did. */
function workingDirectory(path: string, downloads: string): string {
  if (isAbsolute(path)) return path
  const below = join(downloads, path)
  return existsSync(below) ? below : process.cwd()
}

/** AGT-10: whole seconds from 5 to 172,800; anything else is 3,600. */
export function timeoutSeconds(value: unknown): number {
  const seconds = typeof value === 'string' && value.trim() === '' ? Number.NaN : Math.trunc(Number(value))
  return seconds >= 5 && seconds <= 172_800 ? seconds : 3600
}

/** A script's end as a step's result. */
export function resultOf({ end, stdout, stderr }: ScriptResult): PluginResult {
  const fail = (code: number, why: string): PluginResult => ({
    status: 'Failed',
    code,
    stdout,
    stderr: Buffer.concat([stderr, Buffer.from(why)]),
  })
  switch (end.kind) {
    case 'exited':
      if (end.code === 0) return { status: 'Success', code: 0, stdout, stderr }
      if (end.code === exitCode.reboot) return { status: 'SuccessAndReboot', code: end.code, stdout, stderr }
      // Amazon's agent cannot tell a script that ends with 137 from one it has killed itself.
      if (end.code === exitCode.killed) return { status: 'TimedOut', code: end.code, stdout, stderr }
      return fail(end.code, `failed to run commands: exit status ${end.code}`)
    case 'timedOut':
      return { status: 'TimedOut', code: exitCode.killed, stdout, stderr }
    case 'cancelled':
      return { status: 'Cancelled', code: exitCode.killed, stdout, stderr }
    case 'killed':
      return fail(1, 'failed to run commands: the script was killed by another program')
    case 'lost':
      return fail(1, 'agent restarted while the step ran')
    case 'notStarted':
      return fail(1, `failed to run commands: ${end.reason}`)
  }
}
