/** `MessageType` of every frame on the control channel. Both sides log and ignore a type they do not know. */
export const messageType = {
  agentJob: 'agent_job',
  agentJobAck: 'agent_job_ack',
  agentJobReply: 'agent_job_reply',
  agentJobReplyAck: 'agent_job_reply_ack',
  agentTaskComplete: 'agent_task_complete',
  agentTaskAcknowledge: 'agent_task_acknowledge',
  agentTelemetry: 'agent_telemetry',
  agentUpdateResult: 'agent_update_result',
  interactiveShell: 'interactive_shell',
  channelClosed: 'channel_closed',
  stewardOutput: 'steward_output',
  stewardOutputAck: 'steward_output_ack',
} as const

export type MessageType = (typeof messageType)[keyof typeof messageType]
