/** A line in the shell of a node, with its three streams: a session of AWS-StartNonInteractiveCommand, as `steward exec` has it. */
import { sessionFlag } from '@steward/protocol/session/index.ts'
import { SessionClient, type StartedSession } from '@steward/session-client'
import { inShell } from '@steward/session-client/node-script.ts'
import { Failure } from '#api/failure.ts'
import { fileTexts } from '#texts/files.ts'
import { dataKey, newToken, startSession } from '../shells/grant.ts'

const WINDOW_BYTES = 4 << 20
const COMPLAINT_LENGTH = 2_000

export interface CommandStreams {
  /** What the command reads. */
  readonly input?: AsyncIterable<Uint8Array> | undefined
  /** Takes what the command prints. */
  readonly output: (bytes: Uint8Array) => void
  /** Told once the command runs whether all that it prints comes byte for byte: agents that take input are ours, and alter nothing. */
  readonly begun?: (exact: boolean) => void
  readonly signal: AbortSignal
}

/** Runs the line to its end. Rejects with what the command complained of unless it succeeded, and when `signal` stops it. */
export async function runOnNode(nodeId: string, line: string, streams: CommandStreams): Promise<void> {
  const { sessionId, ...grant } = await startSession({
    nodeId,
    documentName: 'AWS-StartNonInteractiveCommand',
    parameters: { command: [inShell(line)], separateOutputStream: ['true'] },
  })
  streams.signal.throwIfAborted()
  const errors = new TextDecoder()
  let complaint = ''
  let room = () => {}
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const client: SessionClient = new SessionClient({
    ...grant,
    sessionId,
    targetId: nodeId,
    window: WINDOW_BYTES,
    resume: () => newToken(sessionId),
    generateDataKey: dataKey,
    sessionTypeResult: (session) => (takesInput(session) ? { standardInput: true } : null),
    started: (session) => {
      streams.begun?.(takesInput(session))
      const fed = streams.input ? feed(session, streams.input) : end(session)
      fed.catch(reject)
    },
    output: (bytes, stream) => {
      if (stream === 'output') streams.output(bytes)
      else complaint = (complaint + errors.decode(bytes, { stream: true })).slice(0, COMPLAINT_LENGTH)
    },
    room: () => room(),
    exited: resolve,
    ended: ({ output }) => reject(new Failure({ code: 'SessionEnded', message: output || fileTexts.cut })),
  })

  async function feed(session: StartedSession, input: AsyncIterable<Uint8Array>): Promise<void> {
    if (!takesInput(session)) throw new Failure({ code: 'InputNotSupported', message: fileTexts.noInput })
    for await (const bytes of input) {
      streams.signal.throwIfAborted()
      client.input(bytes)
      if (!client.hasRoom) await new Promise<void>((resume) => (room = resume))
    }
    await end(session)
  }
  async function end(session: StartedSession): Promise<void> {
    if (takesInput(session)) client.flag(sessionFlag.endOfInput)
  }
  const stop = () => {
    client.flag(sessionFlag.terminateSession)
    reject(streams.signal.reason)
  }
  streams.signal.addEventListener('abort', stop)
  try {
    client.start()
    const code = await promise
    if (code !== 0) throw new Failure({ code: 'NodeComplains', message: complaint.trim() || fileTexts.exitCode(code) })
  } finally {
    streams.signal.removeEventListener('abort', stop)
    room()
    // Only after this turn: what was just delivered is still to be acknowledged.
    setTimeout(() => client.close())
  }
}

/** What a script prints, without the last line break. */
export async function outputOnNode(
  nodeId: string,
  line: string,
  streams: Omit<CommandStreams, 'output'>,
): Promise<string> {
  const text = new TextDecoder()
  let output = ''
  await runOnNode(nodeId, line, {
    ...streams,
    output: (bytes) => {
      output += text.decode(bytes, { stream: true })
    },
  })
  return output.replace(/\n$/, '')
}

function takesInput({ properties }: StartedSession): boolean {
  return properties.standardInput === true
}
