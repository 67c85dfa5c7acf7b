/**
 * What the server does with a job after its acknowledgement: `accepted` – wait for replies; `later` – keep it and deliver
 * it again; `failed` – the node refuses it for good.
 */
export type AckVerdict = 'accepted' | 'later' | 'failed'

export type AckStatus = { statusCode: string; errorMessage: string; verdict: AckVerdict }

/** The acknowledgements an agent can give, under their names in Amazon's agent. */
export const ackStatus = {
  successful: { statusCode: '200', errorMessage: 'Successful', verdict: 'accepted' },
  closedProcessor: { statusCode: '51401', errorMessage: 'ClosedProcessor', verdict: 'later' },
  processorBufferFull: { statusCode: '51402', errorMessage: 'ProcessorBufferFull', verdict: 'later' },
  unexpectedDocumentType: { statusCode: '51403', errorMessage: 'UnexpectedDocumentType', verdict: 'failed' },
  processorErrorCodeTranslationFailed: {
    statusCode: '51404',
    errorMessage: 'ProcessorErrorCodeTranslationFailed',
    verdict: 'later',
  },
  // The node has it already: from an earlier delivery, or by the other channel.
  duplicateCommand: { statusCode: '51405', errorMessage: 'DuplicateCommand', verdict: 'accepted' },
  invalidDocument: { statusCode: '51406', errorMessage: 'InvalidDocument', verdict: 'failed' },
  containerNotSupported: { statusCode: '51407', errorMessage: 'ContainerNotSupported', verdict: 'failed' },
  // Followed by a Failed reply, which carries the reason when our own agent sends it.
  agentJobMessageParseError: { statusCode: '51408', errorMessage: 'AgentJobMessageParseError', verdict: 'failed' },
  unexpectedError: { statusCode: '51499', errorMessage: 'UnexpectedError', verdict: 'later' },
} as const satisfies Record<string, AckStatus>

const verdicts = new Map<string, AckVerdict>(
  Object.values(ackStatus).map(({ statusCode, verdict }) => [statusCode, verdict]),
)

/** The verdict for a status code; an unknown code means `later`, since resending is harmless and losing is not. */
export function ackVerdict(statusCode: string): AckVerdict {
  return verdicts.get(statusCode) ?? 'later'
}
