import { pipeline } from 'node:stream/promises'
import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { UsageFault } from '#fault.ts'
import type { Io, Output } from '#io.ts'
import { findNode } from '#sessions/find-node.ts'
import { NodeCommand } from '#sessions/node-command.ts'
import { lineOf } from '#sessions/shell-line.ts'
import { terminalSession } from './shell.ts'

export interface ExecOptions {
  readonly tty?: boolean
  readonly reason?: string
}

/** Runs a line in the shell of a node as if it were here: its own input, output, errors and exit code. */
export async function exec(io: Io, node: string, words: readonly string[], options: ExecOptions): Promise<number> {
  const line = lineOf(words)
  if (line === '') throw new UsageFault('Say what to run, after two hyphens: steward exec NODE -- uptime')
  if (options.tty) {
    const parameters = { command: [line] }
    return terminalSession(io, { node, document: 'AWS-StartInteractiveCommand', parameters, reason: options.reason })
  }
  const { ca, ...rest } = connection(io.env)
  const api = new Api({ ca, ...rest })
  return run(io, new NodeCommand({ io, api, ca, node: await findNode(api, node), line, reason: options.reason }))
}

async function run(io: Io, command: NodeCommand): Promise<number> {
  let interrupts = 0
  const stopListening = io.onInterrupt(() => {
    interrupts += 1
    if (interrupts === 1) command.signal('interrupt')
    else command.kill()
  })
  const over = new AbortController()
  const fed = pipeline(io.stdin, command.stdin, { signal: over.signal }).catch((error: Error) => {
    if (error.name === 'Fault') io.stderr.write(`steward: ${error.message}\n`)
  })
  try {
    const [code] = await Promise.all([command.ended, show(command.stdout, io.stdout), show(command.stderr, io.stderr)])
    return code
  } finally {
    over.abort()
    await fed
    stopListening()
  }
}

function show(from: NodeJS.ReadableStream, to: Output): Promise<void> {
  return pipeline(from, to as NodeJS.WritableStream, { end: false })
}
