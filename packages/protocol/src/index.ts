import { frameCodec } from '#agent-message.ts'
import { sha256 } from '#sha256.ts'

export * from '#ack-status.ts'
export * from '#agent-message.ts'
export * from '#collected-replies.ts'
export * from '#command.ts'
export * from '#job.ts'
export * from '#job-id.ts'
export * from '#message-type.ts'
export * from '#output.ts'
export * from '#protocol-error.ts'
export * from '#reply.ts'
export * from '#token-frame.ts'
export type { JsonObject } from '#untrusted-json.ts'
export * from '#version.ts'

export const { encodeAgentMessage, decodeAgentMessage } = frameCodec(sha256)
