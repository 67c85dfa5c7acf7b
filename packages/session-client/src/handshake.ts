import {
  actionStatus,
  encryptionContext,
  type HandshakeAction,
  type HandshakeRequest,
  type ProcessedAction,
  type SessionCipher,
} from '@steward/protocol/session/index.ts'
import type { JsonObject } from '@steward/protocol/untrusted-json.ts'
import { portModeOf, type StartedSession, shellSession } from '#started-session.ts'

/** KMS, as a session needs it: GenerateDataKey of 64 bytes. Throws with a sentence for the user. */
export type GenerateDataKey = (request: {
  keyId: string
  context: Record<string, string>
}) => Promise<{ plaintext: Uint8Array; ciphertext: Uint8Array }>

export type Answerer = {
  sessionId: string
  /** The `Target` with which the session was started; the encryption context names it. */
  targetId: string
  generateDataKey: GenerateDataKey | undefined
  cipher(dataKey: Uint8Array): Promise<SessionCipher> | SessionCipher
  /** The `ActionResult` for the session type: how extensions of a session are agreed on. */
  sessionTypeResult: ((session: StartedSession) => JsonObject | null) | undefined
}

/** What became of a handshake request. */
export type Answer = { session: StartedSession; cipher: SessionCipher | undefined; actions: ProcessedAction[] }

/** Does what the agent asks for. An action that fails is answered as failed; nothing is thrown. */
export async function answerHandshake(request: HandshakeRequest, answerer: Answerer): Promise<Answer> {
  const session = { ...shellSession, agentVersion: request.agentVersion, features: request.features }
  const answer: Answer = { session, cipher: undefined, actions: [] }
  for (const action of request.actions) answer.actions.push(await process(action, answer, answerer))
  return answer
}

async function process(action: HandshakeAction, answer: Answer, answerer: Answerer): Promise<ProcessedAction> {
  switch (action.actionType) {
    case 'SessionType': {
      const { sessionType, properties } = action
      const portMode = portModeOf(action, answer.session.agentVersion)
      answer.session = { ...answer.session, sessionType, properties, portMode }
      const result = answerer.sessionTypeResult?.(answer.session) ?? null
      return { actionType: 'SessionType', status: actionStatus.success, result }
    }
    case 'KMSEncryption':
      return encrypt(action, answer, answerer)
    case 'other':
      return { actionType: action.name, status: actionStatus.unsupported, error: `Unknown action ${action.name}` }
  }
}

async function encrypt(
  { kmsKeyId, challenge }: HandshakeAction & { actionType: 'KMSEncryption' },
  answer: Answer,
  { sessionId, targetId, generateDataKey, cipher }: Answerer,
): Promise<ProcessedAction> {
  const actionType = 'KMSEncryption'
  try {
    if (!generateDataKey) throw new Error('This client has no access to KMS.')
    const context = encryptionContext(sessionId, targetId, challenge)
    const { plaintext, ciphertext } = await generateDataKey({ keyId: kmsKeyId, context })
    answer.cipher = await cipher(plaintext)
    answer.session = { ...answer.session, encrypted: true }
    const acknowledged = challenge === '' ? {} : { ChallengeAcknowledgement: true }
    const result = { KMSCipherTextKey: base64(ciphertext), KMSCipherTextHash: null, ...acknowledged }
    return { actionType, status: actionStatus.success, result }
  } catch (error) {
    return { actionType, status: actionStatus.failed, error: error instanceof Error ? error.message : String(error) }
  }
}

/** The challenge again, opened with the agent's key and sealed with the client's. */
export async function answerChallenge(challenge: string, cipher: SessionCipher): Promise<string> {
  const sealed = Uint8Array.from(atob(challenge), (character) => character.charCodeAt(0))
  return base64(await cipher.encrypt(await cipher.decrypt(sealed)))
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
