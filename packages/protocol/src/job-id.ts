import { ProtocolError } from '#protocol-error.ts'

const jobIdPattern = /^aws\.ssm\.([^.]+)\.([^.]+)$/

/** The id under which a command travels to one node; neither part may contain a dot. */
export function jobIdOf(commandId: string, nodeId: string): string {
  if (!isPart(commandId) || !isPart(nodeId))
    throw new ProtocolError('A command id and a node id may not contain a dot.')
  return `aws.ssm.${commandId}.${nodeId}`
}

/** Splits `aws.ssm.<command>.<node>`; throws ProtocolError for anything else. */
export function parseJobId(jobId: string): { commandId: string; nodeId: string } {
  const match = jobIdPattern.exec(jobId)
  if (!match) throw new ProtocolError('A job id must be aws.ssm.<command>.<node>.')
  return { commandId: match[1]!, nodeId: match[2]! }
}

function isPart(part: string): boolean {
  return part !== '' && !part.includes('.')
}
