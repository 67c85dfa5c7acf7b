import { optionalText, parseJsonObject, text } from '#untrusted-json.ts'

/** The one text frame an agent sends after the upgrade: the token of its CreateControlChannel. */
export type TokenFrame = { requestId: string; tokenValue: string; agentVersion: string; platformType: string }

export function formatTokenFrame(frame: TokenFrame): string {
  return JSON.stringify({
    Cookie: null,
    MessageSchemaVersion: '1.0',
    RequestId: frame.requestId,
    TokenValue: frame.tokenValue,
    AgentVersion: frame.agentVersion,
    PlatformType: frame.platformType,
  })
}

export function parseTokenFrame(payload: Uint8Array | string): TokenFrame {
  const what = 'token frame'
  const from = parseJsonObject(payload, what)
  return {
    requestId: optionalText(from, 'RequestId', what),
    tokenValue: text(from, 'TokenValue', what),
    agentVersion: optionalText(from, 'AgentVersion', what),
    platformType: optionalText(from, 'PlatformType', what),
  }
}
