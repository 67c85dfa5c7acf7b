/** Makes the session of the type that was asked for: its user, its program, its terminal or its port. */
import type { SessionSettings } from '#configuration.ts'
import { sentenceOf } from '#log.ts'
import { splitCommandLine } from '#sessions/command-line.ts'
import type { ClientAbilities } from '#sessions/handshake.ts'
import { programOf } from '#sessions/program.ts'
import { openPty } from '#sessions/pty/open-pty.ts'
import type { SessionChannel } from '#sessions/session-channel.ts'
import { SessionError } from '#sessions/session-error.ts'
import type { SessionKind } from '#sessions/session-kind.ts'
import type { SessionRequest } from '#sessions/session-request.ts'
import { TerminalSession } from '#sessions/terminal-session.ts'
import type { Transcript } from '#sessions/transcript.ts'
import type { User } from '#sessions/user.ts'

export type KindOptions = {
  /** Whom the program runs as; undefined for a port. */
  user: Promise<User> | undefined
  settings: SessionSettings
  /** Where the terminal addon may be written. */
  compiled: string
  /** Begins to take down what the session shows, if its document asks for that. */
  openTranscript(request: SessionRequest, user: User): Promise<Transcript>
}

/** Throws SessionError when a port session leads where none may, before its client opens a port for it. */
export async function checkPort(request: SessionRequest): Promise<void> {
  const { checkDestination, destinationOf } = await import('#sessions/port/destination.ts')
  await checkDestination(destinationOf(request.properties))
}

/** Throws SessionError when the session cannot be. */
export async function openKind(
  channel: SessionChannel,
  request: SessionRequest,
  client: ClientAbilities,
  options: KindOptions,
): Promise<SessionKind> {
  if (!options.user) {
    const { portSession } = await import('#sessions/port/port-session.ts')
    return portSession(channel, request.properties, client)
  }
  const user = await explained(options.user)
  const transcript = await options.openTranscript(request, user)
  return explained(
    request.sessionType === 'NonInteractiveCommands'
      ? commandSession(channel, request, client, user, transcript)
      : terminalSession(channel, request, user, transcript, options),
  )
}

/** Says why a program could not be started in the way of Amazon's agent. */
async function explained<T>(started: Promise<T>): Promise<T> {
  try {
    return await started
  } catch (error) {
    throw new SessionError(`\n----------ERROR-------\nUnable to start command: ${sentenceOf(error)}\n`)
  }
}

async function commandSession(
  channel: SessionChannel,
  request: SessionRequest,
  { standardInput }: ClientAbilities,
  user: User,
  transcript: Transcript,
): Promise<SessionKind> {
  const { CommandSession } = await import('#sessions/command-session.ts')
  const words = splitCommandLine(request.command)
  const [name] = words
  if (!name) throw new SessionError('the command is empty')
  const program = programOf(user, request.sessionId, words)
  return new CommandSession({ channel, program, name, request, standardInput, transcript })
}

async function terminalSession(
  channel: SessionChannel,
  request: SessionRequest,
  user: User,
  transcript: Transcript,
  { settings, compiled }: KindOptions,
): Promise<SessionKind> {
  const isShell = request.sessionType === 'Standard_Stream'
  if (!isShell && request.command === '') throw new SessionError('the command is empty')
  const command = isShell ? shellOf(user, settings) : ['sh', '-c', request.command]
  const program = programOf(user, request.sessionId, command)
  const owner = user.uid === process.getuid?.() ? undefined : user.uid
  const pty = await openPty({ ...program, columns: 80, rows: 24, owner }, compiled)
  const session = new TerminalSession(channel, pty, program, transcript)
  if (isShell && request.shellProfile.trim()) session.type(`${request.shellProfile}\n`)
  return session
}

function shellOf(user: User, { shell = 'sh' }: SessionSettings): string[] {
  return shell === 'login' ? [user.shell, '-l'] : [shell]
}
