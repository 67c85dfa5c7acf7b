import { optionalText, parseJsonObject, text } from '#untrusted-json.ts'

/**
 * The first message on a data channel, the only text frame: the token that admits its sender. The token decides whether
 * the sender is the client or the agent; the other members are its word only.
 */
export type OpenFrame = {
  requestId: string
  tokenValue: string
  /** One uuid for each client program, the same after a reconnect; empty from agents. */
  clientId: string
  /** Four numbers, as 1.2.677.0; empty from agents and old clients. */
  clientVersion: string
  /** The node, from agents only. */
  clientInstanceId: string
}

export function formatClientOpenFrame(frame: Omit<OpenFrame, 'clientInstanceId'>): string {
  return JSON.stringify({
    MessageSchemaVersion: '1.0',
    RequestId: frame.requestId,
    TokenValue: frame.tokenValue,
    ClientId: frame.clientId,
    ClientVersion: frame.clientVersion,
  })
}

export function formatAgentOpenFrame(frame: Omit<OpenFrame, 'clientId' | 'clientVersion'>): string {
  return JSON.stringify({
    MessageSchemaVersion: '1.0',
    RequestId: frame.requestId,
    TokenValue: frame.tokenValue,
    ClientInstanceId: frame.clientInstanceId,
    ClientId: '',
  })
}

export function parseOpenFrame(payload: Uint8Array | string): OpenFrame {
  const what = 'open frame'
  const from = parseJsonObject(payload, what)
  return {
    requestId: optionalText(from, 'RequestId', what),
    tokenValue: text(from, 'TokenValue', what),
    clientId: optionalText(from, 'ClientId', what),
    clientVersion: optionalText(from, 'ClientVersion', what),
    clientInstanceId: optionalText(from, 'ClientInstanceId', what),
  }
}
