import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { failed, type Plugin } from '#plugins/plugin.ts'
import { runScriptStep } from '#plugins/run-script.ts'

/** aws:runPowerShellScript, on machines that have PowerShell. */
export const runPowerShellScript: Plugin = {
  name: 'aws:runPowerShellScript',
  async run(step, io) {
    const powerShell = findPowerShell(process.env.PATH ?? '')
    if (!powerShell) return failed('failed to run commands: PowerShell (pwsh) is not installed on this node')
    // The byte order mark makes PowerShell read the file as UTF-8.
    return runScriptStep(step, io, {
      fileName: '_script.ps1',
      prefix: '\ufeff',
      command: (scriptPath) => [powerShell, '-NonInteractive', '-NoProfile', '-File', scriptPath],
    })
  },
}

function findPowerShell(path: string): string | undefined {
  const directories = [...path.split(delimiter), '/usr/bin', '/usr/local/bin', '/opt/microsoft/powershell/7']
  const candidates = directories
    .filter(Boolean)
    .flatMap((directory) => ['pwsh', 'powershell'].map((name) => join(directory, name)))
  return candidates.find((candidate) => existsSync(candidate))
}
