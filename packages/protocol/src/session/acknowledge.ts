import { integer, optionalText, parseJsonObject } from '#untrusted-json.ts'

/** What a receiver says of one stream message. Receivers use the sequence number only. */
export type Acknowledge = { messageType: string; messageId: string; sequenceNumber: number }

export function formatAcknowledge(acknowledge: Acknowledge): string {
  return JSON.stringify({
    AcknowledgedMessageType: acknowledge.messageType,
    AcknowledgedMessageId: acknowledge.messageId,
    AcknowledgedMessageSequenceNumber: acknowledge.sequenceNumber,
    IsSequentialMessage: true,
  })
}

export function parseAcknowledge(payload: Uint8Array | string): Acknowledge {
  const what = 'acknowledge'
  const from = parseJsonObject(payload, what)
  return {
    messageType: optionalText(from, 'AcknowledgedMessageType', what),
    messageId: optionalText(from, 'AcknowledgedMessageId', what),
    sequenceNumber: integer(from, 'AcknowledgedMessageSequenceNumber', what),
  }
}
