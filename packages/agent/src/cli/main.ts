import { readArguments, UsageError, usage } from '#cli/arguments.ts'
import { type LogLevel, lineLog, sentenceOf } from '#log.ts'
import { defaultStateRoot, stateDirectory } from '#state-directory.ts'
import { agentVersion } from '#version.ts'

/** The commands that people give. Sets the exit code, unless the agent runs on. */
export async function main(args: string[]): Promise<void> {
  try {
    const code = await command(args)
    if (code !== undefined) process.exitCode = code
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n${error instanceof UsageError ? `\n${usage}` : ''}`)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}

/** Resolves with the exit code, or undefined while the agent runs on. */
async function command(args: string[]): Promise<number | undefined> {
  const { command: name, values } = readArguments(args)
  if (values.version) return say(`${agentVersion}\n`)
  if (values.help || name === 'help') return say(usage)
  const root = values.state ?? defaultStateRoot()
  const state = stateDirectory(root)
  // Each command loads what it needs: a running agent carries nothing of the others.
  switch (name) {
    case 'run': {
      const { runCommand } = await import('#cli/run.ts')
      await runCommand(
        root,
        lineLog((line) => process.stderr.write(line), (values['log-level'] ?? 'info') as LogLevel),
        { isKept: values['no-updates'] ?? false, isOnTrial: values.trial ?? false },
      )
      return undefined
    }
    case 'register': {
      const { registerCommand } = await import('#cli/register.ts')
      await registerCommand(values, state)
      return 0
    }
    case 'diagnose': {
      const { diagnoseCommand } = await import('#cli/diagnose.ts')
      return (await diagnoseCommand(state, (line) => process.stdout.write(`${line}\n`))) ? 0 : 1
    }
    case 'install-service': {
      const { installServiceCommand } = await import('#cli/install-service.ts')
      installServiceCommand(root)
      return 0
    }
    default:
      throw new UsageError(name ? `There is no command "${name}".` : 'A command is missing.')
  }
}

function say(text: string): number {
  process.stdout.write(text)
  return 0
}
