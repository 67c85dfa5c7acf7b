import type { Plugin } from '#plugins/plugin.ts'
import { runScriptStep } from '#plugins/run-script.ts'

/** aws:runShellScript. The file is handed to `sh -c`, so a first line with `#!` chooses another interpreter. */
export const runShellScript: Plugin = {
  name: 'aws:runShellScript',
  run(step, io) {
    return runScriptStep(step, io, {
      fileName: '_script.sh',
      prefix: '',
      command: (scriptPath) => ['sh', '-c', quoted(scriptPath)],
    })
  },
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`
}
