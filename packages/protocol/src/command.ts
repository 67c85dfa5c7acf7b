import { parseJobId } from '#job-id.ts'
import { ProtocolError } from '#protocol-error.ts'
import { isObject, type JsonObject, optionalObject, optionalText, parseJsonObject, text } from '#untrusted-json.ts'

/** How the topic of a job begins; what follows (Region, account) carries no meaning. */
export const topicPrefix = { sendCommand: 'aws.ssm.sendCommand', cancelCommand: 'aws.ssm.cancelCommand' } as const

/**
 * A command as the node gets it. `parameters` hold values in their document type (a StringList is an array), unlike the
 * public API where everything is a list.
 */
export type SendCommandContent = {
  commandId: string
  documentName: string
  documentContent: JsonObject
  parameters: JsonObject
  outputS3BucketName: string
  outputS3KeyPrefix: string
  cloudWatchLogGroupName: string
  cloudWatchOutputEnabled: boolean
}

/** Which command to cancel. */
export type CancelCommandContent = { commandId: string; nodeId: string }

/** The content of an agent_job, or the payload of an ec2messages message, that runs a command. */
export function formatSendCommand(content: SendCommandContent): string {
  const others = JSON.stringify({
    Parameters: content.parameters,
    CommandId: content.commandId,
    DocumentName: content.documentName,
    OutputS3KeyPrefix: content.outputS3KeyPrefix,
    OutputS3BucketName: content.outputS3BucketName,
    CloudWatchLogGroupName: content.cloudWatchLogGroupName,
    CloudWatchOutputEnabled: String(content.cloudWatchOutputEnabled),
  })
  return `{"DocumentContent":${writtenOnce(content.documentContent)},${others.slice(1)}`
}

/** Documents are most of what is sent, and the same few are sent again and again. */
const written = new WeakMap<JsonObject, string>()

function writtenOnce(document: JsonObject): string {
  const known = written.get(document)
  if (known !== undefined) return known
  const text = JSON.stringify(document)
  written.set(document, text)
  return text
}

/** Reads a send-command content; members that may be absent get the value Amazon's agent assumes. */
export function parseSendCommand(content: string): SendCommandContent {
  const what = 'send command'
  const from = parseJsonObject(content, what)
  if (!isObject(from.DocumentContent)) throw new ProtocolError(`${what}: DocumentContent must be an object.`)
  const commandId = text(from, 'CommandId', what)
  // It names a folder and a file on the node.
  if (!/^[0-9a-zA-Z-]{1,64}$/.test(commandId)) throw new ProtocolError(`${what}: CommandId is not an id.`)
  return {
    commandId,
    documentName: optionalText(from, 'DocumentName', what),
    documentContent: from.DocumentContent,
    parameters: optionalObject(from, 'Parameters', what),
    outputS3BucketName: optionalText(from, 'OutputS3BucketName', what),
    outputS3KeyPrefix: optionalText(from, 'OutputS3KeyPrefix', what),
    cloudWatchLogGroupName: optionalText(from, 'CloudWatchLogGroupName', what),
    cloudWatchOutputEnabled: String(from.CloudWatchOutputEnabled).toLowerCase() === 'true',
  }
}

/** The content of a job that cancels a command; `jobId` is the job id of the command to end. */
export function formatCancelCommand(jobId: string): string {
  return JSON.stringify({ CancelMessageId: jobId })
}

export function parseCancelCommand(content: string): CancelCommandContent {
  const what = 'cancel command'
  return parseJobId(text(parseJsonObject(content, what), 'CancelMessageId', what))
}
