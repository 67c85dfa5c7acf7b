/*
 * What the AWS CLI starts to take part in a session, in the place of Amazon's program and with its words, since scripts wait for them.
 * Its exit code is 0 whatever became of the session, as there.
 */
import type { SessionClient, SessionEnd, StartedSession } from '@steward/session-client'
import type { Io } from '#io.ts'
import { inTerminal, shownOn } from '#sessions/in-terminal.ts'
import { joinSession, type Leave, type SessionUse } from '#sessions/join-session.ts'
import { boundTo, listen } from '#sessions/listen.ts'
import { Connections, throughPort, throughStandardStreams } from '#sessions/through-port.ts'
import { whyEnded } from '#sessions/why-ended.ts'
import { readCommandLine } from './command-line.ts'
import { grantOf } from './grant.ts'
import { localEnd } from './port-properties.ts'

/** Takes part in the session that the words speak of, until it ends. */
export async function plugin(words: readonly string[], io: Io): Promise<void> {
  const request = readCommandLine(words, io.env)
  if ('print' in request) {
    io.stdout.write(request.print)
    return
  }
  const { sessionId } = request.call
  io.stdout.write(`\nStarting session with SessionId: ${sessionId}\n`)
  try {
    const end = await joinSession(
      io,
      grantOf(request.call, io.env),
      (client, session, leave) => use(io, sessionId, { client, session, leave }),
      { message: (text) => void io.stdout.write(`${text}\n`) },
    )
    if (end) io.stdout.write(endText(sessionId, end))
  } catch (error) {
    io.stdout.write(`Cannot perform start session: ${(error as Error).message}\n`)
  }
}

interface Begun {
  readonly client: SessionClient
  readonly session: StartedSession
  readonly leave: Leave
}

function use(io: Io, sessionId: string, begun: Begun): SessionUse {
  const { client, session, leave } = begun
  if (session.sessionType === 'NonInteractiveCommands') return watched(io, client)
  if (session.sessionType !== 'Port') return inTerminal(io, { escapes: false })(client, session, leave)
  if (session.portMode === 'single') return throughStandardStreams(client, io, leave)
  return forwarded(io, sessionId, begun)
}

/** A command without a terminal takes Ctrl-C, and nothing else. */
function watched(io: Io, client: SessionClient): SessionUse {
  const stopListening = io.onInterrupt(() => client.input(Uint8Array.of(0x03)))
  return {
    ...shownOn(client, () => io.stdout),
    exited: (code) => void io.stdout.write(`EXIT_CODE: ${code}`),
    stop: stopListening,
  }
}

function forwarded(io: Io, sessionId: string, { client, session, leave }: Begun): SessionUse {
  const connections = new Connections()
  let isFirst = true
  const accepted = (socket: Parameters<Connections['accept']>[0]) => {
    if (isFirst) io.stdout.write(`\nConnection accepted for session [${sessionId}]\n`)
    isFirst = false
    connections.accept(socket)
  }
  const local = localEnd(session.properties)
  const listening = listen(local, accepted).then((server) => {
    const what = 'socket' in local ? 'Unix socket' : 'Port'
    io.stdout.write(`${what} ${boundTo(server)} opened for sessionId ${sessionId}.\nWaiting for connections...\n`)
    return server
  })
  listening.catch((error: Error) => leave(error))
  const stopListening = io.onInterrupt(() => {
    io.stdout.write('Terminate signal received, exiting.\n')
    io.stdout.write(`\n\nExiting session with sessionId: ${sessionId}.\n\n`)
    leave()
  })
  return {
    ...throughPort(client, session, connections, () =>
      io.stdout.write('\nConnection to destination port failed, check SSM Agent logs.\n'),
    ),
    stop() {
      stopListening()
      listening.then((server) => server.close()).catch(() => {})
    },
  }
}

function endText(sessionId: string, end: SessionEnd): string {
  const { how, output } = end
  if (how === 'timed-out') return `Session: ${sessionId} timed out.\n`
  if (how === 'closed' && output === '') return `\n\nExiting session with sessionId: ${sessionId}.\n\n`
  return `\n\nSessionId: ${sessionId} : ${how === 'closed' ? output : whyEnded(end)}\n\n`
}
