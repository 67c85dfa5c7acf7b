/*
 * The handshake at the start of port sessions, of commands without a terminal and of encrypted sessions: the agent asks
 * for actions (type 5), the client says what became of each (type 6), the agent closes with a word to the user (type 7).
 * An encrypted session has a challenge (types 8 and 9) before that close.
 *
 * `features` is ours: Amazon's programs ignore the member, so each side knows by it that the other is one of ours and
 * what that one can do beyond the protocol.
 */
import { ProtocolError } from '#protocol-error.ts'
import {
  integer,
  isObject,
  type JsonObject,
  optionalObject,
  optionalText,
  parseJsonObject,
  text,
} from '#untrusted-json.ts'

export const sessionTypes = ['Standard_Stream', 'InteractiveCommands', 'NonInteractiveCommands', 'Port'] as const

/** `halfClose`: each direction of a stream in a port session ends by itself. */
export const sessionFeature = { halfClose: 'half-close' } as const

export type SessionType = (typeof sessionTypes)[number]

/** Values of `ActionStatus`. */
export const actionStatus = { success: 1, failed: 2, unsupported: 3 } as const

/** What the agent wants of the client; an action of another type stays as it came and is answered as unsupported. */
export type HandshakeAction =
  | { actionType: 'SessionType'; sessionType: SessionType; properties: JsonObject }
  | { actionType: 'KMSEncryption'; kmsKeyId: string; challenge: string }
  | { actionType: 'other'; name: string }

export type HandshakeRequest = { agentVersion: string; actions: HandshakeAction[]; features: string[] }

export type ProcessedAction = { actionType: string; status: number; result?: JsonObject | null; error?: string }

export type HandshakeResponse = {
  clientVersion: string
  actions: ProcessedAction[]
  errors: string[]
  features: string[]
}

/** `timeToComplete` is in nanoseconds. */
export type HandshakeComplete = { timeToComplete: number; customerMessage: string }

export function formatHandshakeRequest(request: HandshakeRequest): string {
  return JSON.stringify({
    AgentVersion: request.agentVersion,
    RequestedClientActions: request.actions.map(formatAction),
    ...featuresMember(request.features),
  })
}

export function parseHandshakeRequest(payload: Uint8Array | string): HandshakeRequest {
  const what = 'HandshakeRequest'
  const from = parseJsonObject(payload, what)
  return {
    agentVersion: optionalText(from, 'AgentVersion', what),
    actions: objects(from, 'RequestedClientActions', what).map((action) => parseAction(action, what)),
    features: texts(from, 'StewardFeatures', what),
  }
}

export function formatHandshakeResponse(response: HandshakeResponse): string {
  return JSON.stringify({
    ClientVersion: response.clientVersion,
    ProcessedClientActions: response.actions.map((action) => ({
      ActionType: action.actionType,
      ActionStatus: action.status,
      ActionResult: action.result ?? null,
      Error: action.error ?? '',
    })),
    Errors: response.errors.length === 0 ? null : response.errors,
    ...featuresMember(response.features),
  })
}

export function parseHandshakeResponse(payload: Uint8Array | string): HandshakeResponse {
  const what = 'HandshakeResponse'
  const from = parseJsonObject(payload, what)
  return {
    clientVersion: optionalText(from, 'ClientVersion', what),
    actions: objects(from, 'ProcessedClientActions', what).map((action) => ({
      actionType: text(action, 'ActionType', what),
      status: integer(action, 'ActionStatus', what, 0),
      result: isObject(action.ActionResult) ? action.ActionResult : null,
      error: optionalText(action, 'Error', what),
    })),
    errors: texts(from, 'Errors', what),
    features: texts(from, 'StewardFeatures', what),
  }
}

export function formatHandshakeComplete(complete: HandshakeComplete): string {
  return JSON.stringify({
    HandshakeTimeToComplete: complete.timeToComplete,
    CustomerMessage: complete.customerMessage,
  })
}

export function parseHandshakeComplete(payload: Uint8Array | string): HandshakeComplete {
  const what = 'HandshakeComplete'
  const from = parseJsonObject(payload, what)
  return {
    timeToComplete: integer(from, 'HandshakeTimeToComplete', what, 0),
    customerMessage: optionalText(from, 'CustomerMessage', what),
  }
}

/** Types 8 and 9: base64 of the challenge, encrypted by the sender. */
export function formatEncChallenge(challenge: string): string {
  return JSON.stringify({ Challenge: challenge })
}

export function parseEncChallenge(payload: Uint8Array | string): string {
  const what = 'EncryptionChallenge'
  return text(parseJsonObject(payload, what), 'Challenge', what)
}

function formatAction(action: HandshakeAction): JsonObject {
  switch (action.actionType) {
    case 'SessionType': {
      const properties = Object.keys(action.properties).length === 0 ? null : action.properties
      const parameters = { SessionType: action.sessionType, Properties: properties }
      return { ActionType: 'SessionType', ActionParameters: parameters }
    }
    case 'KMSEncryption': {
      const challenge = action.challenge === '' ? {} : { Challenge: action.challenge }
      return { ActionType: 'KMSEncryption', ActionParameters: { KMSKeyId: action.kmsKeyId, ...challenge } }
    }
    case 'other':
      return { ActionType: action.name, ActionParameters: null }
  }
}

function parseAction(action: JsonObject, what: string): HandshakeAction {
  const name = text(action, 'ActionType', what)
  if (name === 'SessionType') {
    const parameters = optionalObject(action, 'ActionParameters', what)
    const sessionType = sessionTypes.find((known) => known === parameters.SessionType)
    if (!sessionType) throw new ProtocolError(`${what}: SessionType is not known.`)
    return { actionType: 'SessionType', sessionType, properties: optionalObject(parameters, 'Properties', what) }
  }
  if (name === 'KMSEncryption') {
    const parameters = optionalObject(action, 'ActionParameters', what)
    const challenge = optionalText(parameters, 'Challenge', what)
    return { actionType: 'KMSEncryption', kmsKeyId: text(parameters, 'KMSKeyId', what), challenge }
  }
  return { actionType: 'other', name }
}

function featuresMember(features: string[]): JsonObject {
  return features.length === 0 ? {} : { StewardFeatures: features }
}

function objects(from: JsonObject, member: string, what: string): JsonObject[] {
  return list(from, member, what).map((item) => {
    if (!isObject(item)) throw new ProtocolError(`${what}: ${member} must hold objects.`)
    return item
  })
}

function texts(from: JsonObject, member: string, what: string): string[] {
  return list(from, member, what).map((item) => {
    if (typeof item !== 'string') throw new ProtocolError(`${what}: ${member} must hold strings.`)
    return item
  })
}

function list(from: JsonObject, member: string, what: string): unknown[] {
  const value = from[member] ?? []
  if (!Array.isArray(value)) throw new ProtocolError(`${what}: ${member} must be a list.`)
  return value
}
