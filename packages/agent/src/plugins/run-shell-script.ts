import type { Plugin } from '#plugins/plugin.ts'
import { runScriptStep } from '#plugins/run-script.ts'

/** aws:runShellScript. The file is handed to `sh -c`, so a first line with `#!` chooses another interpreter. */
export const runShellScript: Plugin = {
  name: 'aws:runShellScript',
  run(step, io) {
    return runScriptStep(step, io, {
      fileName: '_script.sh',
      prefix: '',
      // exec: no shell in between that a polite signal would end before the script.
      command: (scriptPath) => ['sh', '-c', `exec ${quoted(scriptPath)}`],
    })
  },
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`
}
