/*
 * The agent's side of the handshake: ask the client for what the session needs, wait for its answer, and when the session is
 * encrypted, check that both have the same key. Messages of other kinds that come meanwhile are dropped, as clients know.
 */
import { randomBytes } from 'node:crypto'
import type { JsonObject } from '@steward/protocol'
import {
  actionStatus,
  formatEncChallenge,
  formatHandshakeComplete,
  formatHandshakeRequest,
  type HandshakeAction,
  type HandshakeResponse,
  parseEncChallenge,
  parseHandshakeResponse,
  payloadType,
  sessionFeature,
} from '@steward/protocol/session/index.ts'
import { agentCipher, type KmsCaller, openDataKey } from '#sessions/encryption.ts'
import type { SessionChannel } from '#sessions/session-channel.ts'
import { SessionError } from '#sessions/session-error.ts'
import type { SessionRequest } from '#sessions/session-request.ts'

export type HandshakeOptions = { nodeId: string; kms: KmsCaller; timeoutMs: number }

/** What is known of the client after the handshake. */
export type ClientAbilities = {
  version: string
  /** The command's standard input comes from the client. */
  standardInput: boolean
  /** It ends each direction of a connection by itself. */
  halfClose: boolean
}

export const unknownClient: ClientAbilities = { version: '', standardInput: false, halfClose: false }

/** Clients choose by this how they speak (many connections at a time, no keep-alives): the agent of Amazon that does what this one does. */
const agentVersion = '3.3.987.0'

const encryptedMessage = 'This session is encrypted using AWS KMS.'

/** Whether sessions of this kind begin with a handshake; a plain terminal begins with its output. */
export function needsHandshake({ sessionType, kmsKeyId }: SessionRequest): boolean {
  return kmsKeyId !== '' || sessionType === 'Port' || sessionType === 'NonInteractiveCommands'
}

/** Does the handshake; from then on the channel is encrypted if it should be. Throws SessionError when it fails. */
export async function shakeHands(
  channel: SessionChannel,
  request: SessionRequest,
  options: HandshakeOptions,
): Promise<ClientAbilities> {
  const begun = process.hrtime.bigint()
  const encrypted = request.kmsKeyId !== '' && request.sessionType !== 'Port'
  const actions: HandshakeAction[] = [
    ...(encrypted ? [{ actionType: 'KMSEncryption' as const, kmsKeyId: request.kmsKeyId, challenge: '' }] : []),
    { actionType: 'SessionType', sessionType: request.sessionType, properties: clientProperties(request) },
  ]
  channel.send(
    payloadType.handshakeRequest,
    formatHandshakeRequest({ agentVersion, actions, features: [sessionFeature.halfClose] }),
  )
  const answer = await awaited(channel, payloadType.handshakeResponse, options.timeoutMs)
  const response = parseHandshakeResponse(answer)
  checkActions(response, actions)
  if (encrypted) await encrypt(channel, request, response, options)
  const timeToComplete = Number(process.hrtime.bigint() - begun)
  const customerMessage = encrypted ? encryptedMessage : ''
  channel.send(payloadType.handshakeComplete, formatHandshakeComplete({ timeToComplete, customerMessage }))
  return {
    version: response.clientVersion,
    standardInput: resultOf(response, 'SessionType').standardInput === true,
    halfClose: response.features.includes(sessionFeature.halfClose),
  }
}

/** What the client is told of the session: where its port is; for a command, that it may have standard input. */
function clientProperties({ sessionType, separateOutput, properties }: SessionRequest): JsonObject {
  if (sessionType === 'Port') return properties
  return sessionType === 'NonInteractiveCommands' && separateOutput ? { standardInput: true } : {}
}

function checkActions(response: HandshakeResponse, actions: HandshakeAction[]): void {
  for (const { actionType } of actions) {
    const done = response.actions.find((action) => action.actionType === actionType)
    if (done?.status === actionStatus.success) continue
    const why = done ? `with status ${done.status} error: ${done.error}` : 'without an answer'
    throw new SessionError(`${actionType} failed on client ${why}`)
  }
}

function resultOf(response: HandshakeResponse, actionType: string): JsonObject {
  return response.actions.find((action) => action.actionType === actionType)?.result ?? {}
}

async function encrypt(
  channel: SessionChannel,
  { kmsKeyId, sessionId }: SessionRequest,
  response: HandshakeResponse,
  { kms, nodeId, timeoutMs }: HandshakeOptions,
): Promise<void> {
  const ciphertext = String(resultOf(response, 'KMSEncryption').KMSCipherTextKey ?? '')
  const cipher = agentCipher(await openDataKey(kms, kmsKeyId, ciphertext, { sessionId, nodeId }))
  const challenge = randomBytes(64)
  const sealed = Buffer.from(cipher.encrypt(challenge)).toString('base64')
  channel.send(payloadType.encChallengeRequest, formatEncChallenge(sealed))
  const answer = parseEncChallenge(await awaited(channel, payloadType.encChallengeResponse, timeoutMs))
  if (!challenge.equals(opened(cipher.decrypt, answer)))
    throw new SessionError('The client has another encryption key.')
  channel.encrypt(cipher)
}

function opened(decrypt: (sealed: Uint8Array) => Uint8Array, answer: string): Uint8Array {
  try {
    return decrypt(Buffer.from(answer, 'base64'))
  } catch {
    return new Uint8Array()
  }
}

/** The payload of the next message of a type; what comes after it is held back. */
function awaited(channel: SessionChannel, type: number, timeoutMs: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      channel.hold()
      const advice = 'Please ensure that you have the latest version of the session manager plugin.'
      reject(new SessionError(`Handshake timed out. ${advice}`))
    }, timeoutMs)
    channel.listen((message) => {
      if (message.payloadType !== type) return
      clearTimeout(timer)
      channel.hold()
      resolve(message.payload)
    })
  })
}
