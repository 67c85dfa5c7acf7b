import type { SessionEnd } from '@steward/session-client'
import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { EXIT, Fault } from '#fault.ts'
import type { Io } from '#io.ts'
import { findNode } from '#sessions/find-node.ts'
import { inTerminal } from '#sessions/in-terminal.ts'
import { joinSession, type Use } from '#sessions/join-session.ts'
import { type SessionRequest, startSession } from '#sessions/session-grant.ts'
import { whyEnded } from '#sessions/why-ended.ts'

export interface ShellOptions {
  readonly reason?: string
  readonly document?: string
  readonly param: Readonly<Record<string, string[]>>
}

/** Opens a shell on a node and stays in it to its end. */
export async function shell(io: Io, node: string, { param, ...options }: ShellOptions): Promise<number> {
  return terminalSession(io, { node, parameters: param, ...options })
}

/** By then a node that was free to begin has begun. */
const SLOW_MS = 5_000
const APPROVAL = 'If its document wants a second person to agree, that one types:'

/** A session in this terminal, whatever its document runs. */
export async function terminalSession(io: Io, request: SessionRequest): Promise<number> {
  const { ca, ...rest } = connection(io.env)
  const api = new Api({ ca, ...rest })
  const grant = await startSession(api, ca, { ...request, node: await findNode(api, request.node) })
  const left = new AbortController()
  const stopListening = io.onInterrupt(() => left.abort())
  const tell = (text: string) => io.stderr.write(`\r\nsteward: ${text}\r\n`)
  const patience = setTimeout(
    () => tell(`Waiting for ${grant.target}. ${APPROVAL} steward sessions approve ${grant.sessionId}`),
    SLOW_MS,
  )
  const begin: Use = (...begun) => {
    clearTimeout(patience)
    return inTerminal(io, { escapes: true })(...begun)
  }
  const end = await joinSession(io, grant, begin, {
    signal: left.signal,
    message: tell,
    ...tellsOfOutages(tell),
  }).finally(() => {
    clearTimeout(patience)
    stopListening()
  })
  return exitCodeOf(end)
}

/** A word when the connection is lost, and one when it is back. */
function tellsOfOutages(tell: (text: string) => void): { connected(): void; lost(): void } {
  let isLost = false
  return {
    lost() {
      isLost = true
      tell('The connection is lost. The session goes on; trying to get back to it. (~. leaves)')
    },
    connected() {
      if (isLost) tell('Connected again.')
      isLost = false
    },
  }
}

/** A shell's exit code is not told; that the session was not ended from outside is success. Throws Fault. */
export function exitCodeOf(end: SessionEnd | undefined): number {
  if (!end || (end.how === 'closed' && end.output === '')) return EXIT.ok
  throw new Fault(whyEnded(end))
}
