import { optionalText, parseJsonObject } from '#untrusted-json.ts'

/** The server's word that a session is over; `output` is what its user is told. */
export type ChannelClosed = {
  messageId: string
  sessionId: string
  /** The node. */
  destinationId: string
  /** ISO 8601, UTC. */
  createdDate: string
  output: string
}

export function formatChannelClosed(closed: ChannelClosed): string {
  return JSON.stringify({
    MessageType: 'channel_closed',
    MessageId: closed.messageId,
    DestinationId: closed.destinationId,
    SessionId: closed.sessionId,
    SchemaVersion: 1,
    CreatedDate: closed.createdDate,
    Output: closed.output,
  })
}

export function parseChannelClosed(payload: Uint8Array | string): ChannelClosed {
  const what = 'channel_closed'
  const from = parseJsonObject(payload, what)
  return {
    messageId: optionalText(from, 'MessageId', what),
    sessionId: optionalText(from, 'SessionId', what),
    destinationId: optionalText(from, 'DestinationId', what),
    createdDate: optionalText(from, 'CreatedDate', what),
    output: optionalText(from, 'Output', what),
  }
}
