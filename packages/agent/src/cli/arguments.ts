import { parseArgs } from 'node:util'

/** The command line was wrong; the sentence says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const options = {
  url: { type: 'string' },
  region: { type: 'string' },
  'activation-id': { type: 'string' },
  'activation-code': { type: 'string' },
  ca: { type: 'string' },
  'ca-pin': { type: 'string' },
  state: { type: 'string' },
  'reboot-command': { type: 'string' },
  'log-level': { type: 'string' },
  'no-updates': { type: 'boolean' },
  // An agent starts the version that is to replace it so.
  trial: { type: 'boolean' },
  force: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  version: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export type Arguments = { command: string; values: ReturnType<typeof parse>['values'] }

export function readArguments(args: string[]): Arguments {
  try {
    const { values, positionals } = parse(args)
    if (positionals.length > 1) throw new UsageError(`One command at a time, not: ${positionals.join(' ')}`)
    return { command: positionals[0] ?? '', values }
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message)
  }
}

function parse(args: string[]) {
  return parseArgs({ args, options, allowPositionals: true, strict: true })
}

/** An option that the command cannot do without. */
export function required(value: string | undefined, option: string): string {
  if (!value) throw new UsageError(`--${option} is missing.`)
  return value
}

export const usage = `steward-agent: connects this machine to a Steward server.

  steward-agent register --url URL --region REGION --activation-id ID --activation-code CODE
                         [--ca FILE | --ca-pin sha256//PIN] [--reboot-command COMMAND] [--force]
  steward-agent run               run in the foreground
  steward-agent diagnose          say what is wrong with the connection
  steward-agent install-service   run at every start of the machine (systemd)
  steward-agent --version | --help

  --state DIR          where the agent keeps its registration and journals
                       (/var/lib/steward-agent as root, else ~/.local/state/steward-agent)
  --ca FILE            trust this certificate authority (PEM)
  --ca-pin PIN         trust the authority with this public key, as curl's --pinnedpubkey writes it
  --reboot-command C   how to restart this machine for a script that exits with 194
  --no-updates         run this version whatever aws:updateSsmAgent asks for
  --log-level LEVEL    debug, info, warn or error
`
