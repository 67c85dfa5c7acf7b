import { ProtocolError } from '#protocol-error.ts'
import { integer, optionalText, parseJsonObject, text } from '#untrusted-json.ts'

/**
 * agent_task_complete on the control channel: a session's end. It comes up to three times, once a second, until an
 * agent_task_acknowledge; failed sessions send it twice whatever happens.
 */
export type TaskComplete = {
  sessionId: string
  status: 'Success' | 'Failed'
  nodeId: string
  /** Why it failed; goes to the user as it is. */
  output: string
  s3Bucket: string
  s3UrlSuffix: string
  cwlGroup: string
  cwlStream: string
  retryNumber: number
}

/** agent_task_acknowledge: the server's answer; `messageId` is that of the frame it answers. */
export type TaskAcknowledge = { messageId: string; sessionId: string }

export function formatTaskComplete(complete: TaskComplete): string {
  return JSON.stringify({
    SchemaVersion: 1,
    TaskId: complete.sessionId,
    Topic: 'agent_task_complete',
    FinalTaskStatus: complete.status,
    IsRoutingFailure: false,
    AwsAccountId: '',
    InstanceId: complete.nodeId,
    Output: complete.output,
    S3Bucket: complete.s3Bucket,
    S3UrlSuffix: complete.s3UrlSuffix,
    CwlGroup: complete.cwlGroup,
    CwlStream: complete.cwlStream,
    RetryNumber: complete.retryNumber,
  })
}

export function parseTaskComplete(payload: Uint8Array | string): TaskComplete {
  const what = 'agent_task_complete'
  const from = parseJsonObject(payload, what)
  const status = text(from, 'FinalTaskStatus', what)
  if (status !== 'Success' && status !== 'Failed') {
    throw new ProtocolError(`${what}: FinalTaskStatus must be Success or Failed.`)
  }
  return {
    sessionId: text(from, 'TaskId', what),
    status,
    nodeId: optionalText(from, 'InstanceId', what),
    output: optionalText(from, 'Output', what),
    s3Bucket: optionalText(from, 'S3Bucket', what),
    s3UrlSuffix: optionalText(from, 'S3UrlSuffix', what),
    cwlGroup: optionalText(from, 'CwlGroup', what),
    cwlStream: optionalText(from, 'CwlStream', what),
    retryNumber: integer(from, 'RetryNumber', what, 0),
  }
}

export function formatTaskAcknowledge({ messageId, sessionId }: TaskAcknowledge): string {
  return JSON.stringify({ SchemaVersion: 1, MessageId: messageId, TaskId: sessionId, Topic: 'agent_task_complete' })
}

export function parseTaskAcknowledge(payload: Uint8Array | string): TaskAcknowledge {
  const what = 'agent_task_acknowledge'
  const from = parseJsonObject(payload, what)
  return { messageId: text(from, 'MessageId', what), sessionId: optionalText(from, 'TaskId', what) }
}
