/*
 * A session's client as programs of this package use it: over `ws`, back after a lost connection with a new token, encrypted with keys
 * of the same server. What is done with the session is chosen once its kind is known, because Amazon's command line does not say it.
 */
import { decodeAgentMessage, encodeAgentMessage } from '@steward/protocol'
import { sessionFlag } from '@steward/protocol/session/index.ts'
import { zeroMask } from '@steward/protocol/session/zero-mask.ts'
import { SessionClient, type SessionEnd, type SessionEvents, type StartedSession } from '@steward/session-client'
import { WebSocket } from 'ws'
import { ApiFault } from '#fault.ts'
import type { Io } from '#io.ts'
import type { SessionGrant } from './session-grant.ts'

/** What somebody does with a session. */
export interface SessionUse extends Pick<SessionEvents, 'output' | 'exited' | 'flagged' | 'room'> {
  /** The session is over, or this side leaves it. Called once. */
  stop?(): void
}

/** Leaves the session. With a reason the promise of `joinSession` rejects with it. */
export type Leave = (reason?: Error) => void

export type Use = (client: SessionClient, session: StartedSession, leave: Leave) => SessionUse

export interface Joining extends Pick<SessionEvents, 'message' | 'connected' | 'lost'> {
  /** Extensions that are agreed on with our agents. */
  readonly sessionTypeResult?: (session: StartedSession) => { standardInput: true } | null
  /** Leaves when it is aborted. */
  readonly signal?: AbortSignal
}

/** Whose agents' side understands a word at leaving; of others the server is told. */
const TOLD_BY_FLAG: readonly string[] = ['Port', 'NonInteractiveCommands']

/** More than one megabyte is on its way in fast networks that are wide. */
const WINDOW = 4 << 20
const MAX_MESSAGE = 16 << 20

/**
 * Resolves when the session has ended, with how; with undefined when this side left, because `use` or the signal said so or the process
 * is to end. What runs in a session that is left is ended too.
 */
export async function joinSession(
  io: Pick<Io, 'onTermination'>,
  grant: SessionGrant,
  use: Use,
  joining: Joining = {},
): Promise<SessionEnd | undefined> {
  const terminated = new AbortController()
  const stopListening = io.onTermination(() => terminated.abort())
  const signals = [terminated.signal, ...(joining.signal ? [joining.signal] : [])]
  try {
    return await takePart(grant, use, { ...joining, signal: AbortSignal.any(signals) })
  } finally {
    stopListening()
  }
}

function takePart(grant: SessionGrant, use: Use, joining: Joining): Promise<SessionEnd | undefined> {
  const { signal, ...events } = joining
  return new Promise((resolve, reject) => {
    let kind: StartedSession['sessionType'] | undefined
    let user: SessionUse = {}
    let refusal: ApiFault | undefined
    const settle = (outcome: () => void) => {
      signal?.removeEventListener('abort', onAbort)
      user.stop?.()
      // Only after this turn: what was just delivered is still to be acknowledged.
      setImmediate(() => client.close())
      outcome()
    }
    const leave: Leave = once((reason) => {
      const told = endSession(grant, client, kind)
      settle(() => (reason ? told.finally(() => reject(reason)).catch(() => {}) : resolve(told)))
    })
    const onAbort = () => leave()
    const client: SessionClient = new SessionClient({
      ...events,
      sessionId: grant.sessionId,
      streamUrl: grant.streamUrl,
      tokenValue: grant.tokenValue,
      targetId: grant.target,
      openSocket: (url) =>
        new WebSocket(url, { ca: grant.ca, perMessageDeflate: false, generateMask: zeroMask, maxPayload: MAX_MESSAGE }),
      resume: () =>
        resume(grant, (fault) => {
          refusal = fault
        }),
      generateDataKey: (wanted) => generateDataKey(grant, wanted),
      codec: { encodeAgentMessage, decodeAgentMessage },
      window: WINDOW,
      started(session) {
        kind = session.sessionType
        user = use(client, session, leave)
      },
      output: (bytes, stream) => user.output?.(bytes, stream),
      exited: (code) => user.exited?.(code),
      flagged: (flag) => user.flagged?.(flag),
      room: () => user.room?.(),
      ended: once((end) => settle(() => (refusal ? reject(refusal) : resolve(end)))),
    })
    signal?.addEventListener('abort', onAbort)
    client.start()
  })
}

async function endSession(
  { api, sessionId }: SessionGrant,
  client: SessionClient,
  kind: StartedSession['sessionType'] | undefined,
): Promise<undefined> {
  if (kind && TOLD_BY_FLAG.includes(kind)) client.flag(sessionFlag.terminateSession)
  else await api.ssm('TerminateSession', { SessionId: sessionId })
}

function once<T>(act: (value: T) => void): (value: T) => void {
  let done = false
  return (value) => {
    if (!done) act(value)
    done = true
  }
}

/** A new token; undefined when there will never be one. Rejects when asking again makes sense. */
async function resume(
  { api, sessionId }: SessionGrant,
  refused: (fault: ApiFault) => void,
): Promise<string | undefined> {
  try {
    return (await api.ssm('ResumeSession', { SessionId: sessionId })).TokenValue
  } catch (error) {
    if (!(error instanceof ApiFault) || error.status >= 500 || error.code.includes('Throttling')) throw error
    if (error.code !== 'DoesNotExistException') refused(error)
    return undefined
  }
}

async function generateDataKey(
  { api }: SessionGrant,
  { keyId, context }: { keyId: string; context: Record<string, string> },
): Promise<{ plaintext: Uint8Array; ciphertext: Uint8Array }> {
  const input = { KeyId: keyId, NumberOfBytes: 64, EncryptionContext: context }
  const { Plaintext = '', CiphertextBlob = '' } = await api.kms('GenerateDataKey', input)
  return { plaintext: Buffer.from(Plaintext, 'base64'), ciphertext: Buffer.from(CiphertextBlob, 'base64') }
}
