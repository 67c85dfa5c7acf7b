/*
 * Sessions on the control channel: how one is started on a node, how it is ended there, and how the node says that it is
 * over. A session's data travels over a channel of its own (session/).
 */
import { optionalText, parseJsonObject, text } from '#untrusted-json.ts'

/** Server → agent: start a session. `content` is JSON text; the agent sends no acknowledgement. */
export type SessionStart = { sessionId: string; content: string }

/** Agent → server: a session is over. Sent up to three times until it is acknowledged, and once more if the session failed. */
export type SessionTaskComplete = {
  sessionId: string
  instanceId: string
  finalTaskStatus: string
  /** For the user, who is shown it; empty when all went well. */
  output: string
  s3Bucket: string
  s3UrlSuffix: string
  cwlGroup: string
  cwlStream: string
}

/** Server → agent: that the session is over is durable. */
export type SessionTaskAcknowledge = { messageId: string; sessionId: string }

/** The payload of an interactive_shell frame, which starts sessions of every type. */
export function formatSessionStart({ sessionId, content }: SessionStart): string {
  return JSON.stringify({ Content: content, TaskId: sessionId, Topic: 'interactive_shell', SchemaVersion: 1 })
}

export function parseSessionStart(payload: Uint8Array | string): SessionStart {
  const what = 'interactive_shell'
  const from = parseJsonObject(payload, what)
  return { sessionId: text(from, 'TaskId', what), content: text(from, 'Content', what) }
}

/** The payload of an agent_task_complete frame. */
export function formatSessionTaskComplete(complete: SessionTaskComplete, retryNumber: number): string {
  return JSON.stringify({
    SchemaVersion: 1,
    TaskId: complete.sessionId,
    Topic: 'agent_task_complete',
    FinalTaskStatus: complete.finalTaskStatus,
    IsRoutingFailure: false,
    AwsAccountId: '',
    InstanceId: complete.instanceId,
    Output: complete.output,
    S3Bucket: complete.s3Bucket,
    S3UrlSuffix: complete.s3UrlSuffix,
    CwlGroup: complete.cwlGroup,
    CwlStream: complete.cwlStream,
    RetryNumber: retryNumber,
  })
}

export function parseSessionTaskComplete(payload: Uint8Array | string): SessionTaskComplete {
  const what = 'agent_task_complete'
  const from = parseJsonObject(payload, what)
  return {
    sessionId: text(from, 'TaskId', what),
    instanceId: optionalText(from, 'InstanceId', what),
    finalTaskStatus: text(from, 'FinalTaskStatus', what),
    output: optionalText(from, 'Output', what),
    s3Bucket: optionalText(from, 'S3Bucket', what),
    s3UrlSuffix: optionalText(from, 'S3UrlSuffix', what),
    cwlGroup: optionalText(from, 'CwlGroup', what),
    cwlStream: optionalText(from, 'CwlStream', what),
  }
}

/** The payload of an agent_task_acknowledge frame. */
export function formatSessionTaskAcknowledge({ messageId, sessionId }: SessionTaskAcknowledge): string {
  return JSON.stringify({ SchemaVersion: 1, MessageId: messageId, TaskId: sessionId, Topic: 'agent_task_acknowledge' })
}

export function parseSessionTaskAcknowledge(payload: Uint8Array | string): SessionTaskAcknowledge {
  const what = 'agent_task_acknowledge'
  const from = parseJsonObject(payload, what)
  return { messageId: text(from, 'MessageId', what), sessionId: text(from, 'TaskId', what) }
}
