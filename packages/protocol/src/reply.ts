import { ProtocolError } from '#protocol-error.ts'
import { integer, isObject, type JsonObject, optionalObject, optionalText, parseJsonObject } from '#untrusted-json.ts'

/** States of a document or a step as agents report them. */
export const resultStatuses = [
  'NotStarted',
  'InProgress',
  'SuccessAndReboot',
  'PassedAndReboot',
  'Success',
  'Skipped',
  'Failed',
  'TimedOut',
  'Cancelled',
] as const

export type ResultStatus = (typeof resultStatuses)[number]

const unfinished: ReadonlySet<ResultStatus> = new Set([
  'NotStarted',
  'InProgress',
  // The node reboots and goes on with the same step afterwards.
  'SuccessAndReboot',
  'PassedAndReboot',
])

/** Whether nothing may follow that status. */
export function isFinal(status: ResultStatus): boolean {
  return !unfinished.has(status)
}

/** The result of one step. Dates are ISO text and may be empty or of the year 1; the outputs are already truncated. */
export type StepResult = {
  name: string
  status: ResultStatus
  code: number
  output: string
  standardOutput: string
  standardError: string
  startDateTime: string
  endDateTime: string
  outputS3BucketName: string
  outputS3KeyPrefix: string
  stepName: string
}

/** Who replies: always the agent's build and platform, never the node's id. */
export type ReplyingAgent = { lang: string; name: string; os: string; osver: string; ver: string }

/** One reply: the document's status and the steps it tells of, by step name. `dateTime` is ISO text. */
export type Reply = {
  agent: ReplyingAgent
  dateTime: string
  statusCounts: { [status: string]: number }
  documentStatus: ResultStatus
  documentTraceOutput: string
  steps: { [step: string]: StepResult }
}

/** The content of an agent_job_reply. A reply without steps carries `null`, as Amazon's agent's first one does. */
export function formatReply(reply: Reply): string {
  const bare = Object.keys(reply.steps).length === 0 && reply.documentStatus === 'InProgress'
  return JSON.stringify({
    additionalInfo: {
      agent: reply.agent,
      dateTime: reply.dateTime,
      runId: '',
      runtimeStatusCounts: bare ? null : reply.statusCounts,
    },
    documentStatus: reply.documentStatus,
    documentTraceOutput: reply.documentTraceOutput,
    runtimeStatus: bare ? null : reply.steps,
  })
}

/** Reads the content of an agent_job_reply or the payload of an ec2messages SendReply. */
export function parseReply(content: string): Reply {
  const what = 'reply'
  const from = parseJsonObject(content, what)
  const info = optionalObject(from, 'additionalInfo', what)
  const agent = optionalObject(info, 'agent', what)
  return {
    agent: {
      lang: optionalText(agent, 'lang', what),
      name: optionalText(agent, 'name', what),
      os: optionalText(agent, 'os', what),
      osver: optionalText(agent, 'osver', what),
      ver: optionalText(agent, 'ver', what),
    },
    dateTime: optionalText(info, 'dateTime', what),
    statusCounts: statusCounts(optionalObject(info, 'runtimeStatusCounts', what)),
    documentStatus: status(from, 'documentStatus', what),
    documentTraceOutput: optionalText(from, 'documentTraceOutput', what),
    steps: steps(optionalObject(from, 'runtimeStatus', what)),
  }
}

function statusCounts(from: JsonObject): Reply['statusCounts'] {
  const entries = Object.keys(from).map((name) => [name, integer(from, name, 'reply: runtimeStatusCounts')] as const)
  return Object.fromEntries(entries)
}

function steps(from: JsonObject): Reply['steps'] {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, stepResult(value)]))
}

function stepResult(from: unknown): StepResult {
  const what = 'reply: a step'
  if (!isObject(from)) throw new ProtocolError(`${what} is not an object.`)
  return {
    name: optionalText(from, 'name', what),
    status: status(from, 'status', what),
    code: integer(from, 'code', what, 0),
    output: optionalText(from, 'output', what),
    standardOutput: optionalText(from, 'standardOutput', what),
    standardError: optionalText(from, 'standardError', what),
    startDateTime: optionalText(from, 'startDateTime', what),
    endDateTime: optionalText(from, 'endDateTime', what),
    outputS3BucketName: optionalText(from, 'outputS3BucketName', what),
    outputS3KeyPrefix: optionalText(from, 'outputS3KeyPrefix', what),
    stepName: optionalText(from, 'stepName', what),
  }
}

function status(from: JsonObject, member: string, what: string): ResultStatus {
  const value = from[member]
  const known = resultStatuses.find((name) => name === value)
  if (!known) throw new ProtocolError(`${what}: ${member} is not a status.`)
  return known
}
