import type { Api } from '#api.ts'
import { Fault } from '#fault.ts'

/** That the server lets somebody take part in a session, and how. */
export interface SessionGrant {
  readonly sessionId: string
  readonly streamUrl: string
  readonly tokenValue: string
  /** The node, as the session was asked for. */
  readonly target: string
  /** For what the server is asked later on: the way back after a lost connection, keys, the end. */
  readonly api: Pick<Api, 'ssm' | 'kms'>
  /** PEM of the authorities to trust with the channel; undefined: the system's. */
  readonly ca: string | undefined
}

export interface SessionRequest {
  readonly node: string
  readonly document?: string | undefined
  readonly parameters?: Readonly<Record<string, string[]>>
  readonly reason?: string | undefined
}

/** Starts a session. Throws ApiFault. */
export async function startSession(api: Api, ca: string | undefined, request: SessionRequest): Promise<SessionGrant> {
  const { node, document, parameters = {}, reason } = request
  const { SessionId, StreamUrl, TokenValue } = await api.ssm('StartSession', {
    Target: node,
    ...(document === undefined ? {} : { DocumentName: document }),
    ...(Object.keys(parameters).length === 0 ? {} : { Parameters: parameters }),
    ...(reason === undefined ? {} : { Reason: reason }),
  })
  if (!SessionId || !StreamUrl || !TokenValue) throw new Fault('The server began no session.')
  return { sessionId: SessionId, streamUrl: StreamUrl, tokenValue: TokenValue, target: node, api, ca }
}
