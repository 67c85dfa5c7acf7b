import { integer, optionalText, parseJsonObject, text } from '#untrusted-json.ts'

/** Server → agent: run or cancel a command. `content` is the JSON text of command.ts, told apart by `topic`. */
export type AgentJob = { jobId: string; topic: string; content: string }

/** Agent → server: a job was taken or refused. `acknowledgedMessageId` and `createdDate` are those of the job's frame. */
export type AgentJobAck = {
  jobId: string
  acknowledgedMessageId: string
  createdDate: string
  statusCode: string
  errorMessage: string
}

/** Agent → server: progress or result of a job. `content` is the JSON text of reply.ts. */
export type AgentJobReply = { jobId: string; topic: string; content: string }

/** Server → agent: the reply with that message id is durable. The agent resends a reply until it hears this. */
export type AgentJobReplyAck = { jobId: string; acknowledgedMessageId: string }

// Member names differ in case between the directions; Amazon's programs do it so.

/** The payload of an agent_job frame. */
export function formatAgentJob(job: AgentJob): string {
  return JSON.stringify({ SchemaVersion: 1, JobId: job.jobId, Topic: job.topic, Content: job.content })
}

export function parseAgentJob(payload: Uint8Array | string): AgentJob {
  const what = 'agent_job'
  const from = parseJsonObject(payload, what)
  integer(from, 'SchemaVersion', what, 1)
  return { jobId: text(from, 'JobId', what), topic: text(from, 'Topic', what), content: text(from, 'Content', what) }
}

/** The payload of an agent_job_ack frame. */
export function formatAgentJobAck(ack: AgentJobAck): string {
  const { jobId, acknowledgedMessageId, createdDate, statusCode, errorMessage } = ack
  return JSON.stringify({ jobId, acknowledgedMessageId, createdDate, statusCode, errorMessage })
}

export function parseAgentJobAck(payload: Uint8Array | string): AgentJobAck {
  const what = 'agent_job_ack'
  const from = parseJsonObject(payload, what)
  return {
    jobId: text(from, 'jobId', what),
    acknowledgedMessageId: text(from, 'acknowledgedMessageId', what),
    createdDate: optionalText(from, 'createdDate', what),
    statusCode: text(from, 'statusCode', what),
    errorMessage: optionalText(from, 'errorMessage', what),
  }
}

/** The payload of an agent_job_reply frame. */
export function formatAgentJobReply(reply: AgentJobReply): string {
  return JSON.stringify({ schemaVersion: 1, jobId: reply.jobId, content: reply.content, topic: reply.topic })
}

export function parseAgentJobReply(payload: Uint8Array | string): AgentJobReply {
  const what = 'agent_job_reply'
  const from = parseJsonObject(payload, what)
  integer(from, 'schemaVersion', what, 1)
  return {
    jobId: text(from, 'jobId', what),
    topic: optionalText(from, 'topic', what),
    content: text(from, 'content', what),
  }
}

/** The payload of an agent_job_reply_ack frame. */
export function formatAgentJobReplyAck(ack: AgentJobReplyAck): string {
  return JSON.stringify({ jobId: ack.jobId, acknowledgedMessageId: ack.acknowledgedMessageId })
}

export function parseAgentJobReplyAck(payload: Uint8Array | string): AgentJobReplyAck {
  const what = 'agent_job_reply_ack'
  const from = parseJsonObject(payload, what)
  return {
    jobId: optionalText(from, 'jobId', what),
    acknowledgedMessageId: text(from, 'acknowledgedMessageId', what),
  }
}
