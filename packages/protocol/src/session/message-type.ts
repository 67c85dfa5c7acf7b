/** `MessageType` of every frame on a data channel. All sides ignore a type they do not know. */
export const sessionMessageType = {
  inputStreamData: 'input_stream_data',
  outputStreamData: 'output_stream_data',
  acknowledge: 'acknowledge',
  agentSessionState: 'agent_session_state',
  channelClosed: 'channel_closed',
  pausePublication: 'pause_publication',
  startPublication: 'start_publication',
} as const

/** The two message types that are numbered, acknowledged and resent: from the client and from the agent. */
export type StreamMessageType = 'input_stream_data' | 'output_stream_data'

/** `PayloadType` of stream messages. `output` is also what a client's keystrokes and a tunnel's bytes are. */
export const payloadType = {
  output: 1,
  error: 2,
  size: 3,
  parameter: 4,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  encChallengeRequest: 8,
  encChallengeResponse: 9,
  flag: 10,
  stdErr: 11,
  exitCode: 12,
} as const
