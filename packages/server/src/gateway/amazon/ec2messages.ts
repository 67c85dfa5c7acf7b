/**
 * The older way in, which Amazon's agents still use: they ask for messages with a long poll and send each reply as a call
 * of its own (agent-protocol, section 7). The same channels stand behind it as behind the control channel.
 */

import { hash } from 'node:crypto'
import type { Operations } from '@steward/model/generated/ec2messages.ts'
import { parseJobId } from '@steward/protocol'
import { ApiError } from '#kernel/api-error.ts'
import type { Clock } from '#kernel/clock.ts'
import { type Call, type Job, type NodeRef, type OpenCall, type Operation, service } from '#kernel/declare.ts'
import { arn } from '#kernel/scope.ts'
import type { Gateway } from '../gateway.ts'

/** Below the agent's own time-out of 20 s; an empty answer in under a second would make it pause. */
const HOLD_MS = 16_000

const ec2messages = service<Operations>('ec2messages')

export function ec2MessagesOperations(gateway: Gateway, clock: Clock): Operation[] {
  /** A node may fetch and answer its own messages only, whatever the request says. */
  const access = (action: string, nodeIdOf: (input: never) => string) => (input: object, call: Call) => ({
    action: `ec2messages:${action}`,
    resources: [arn(call.scope, 'ssm', `managed-instance/${nodeIdOf(input as never)}`)],
  })
  const ofJob = ({ MessageId }: { MessageId: string }) => readJobId(MessageId).nodeId

  return [
    ec2messages.open('GetMessages', {
      access: access('GetMessages', ({ Destination }: { Destination: string }) => Destination),
      async handle({ Destination, MessagesRequestId }, call) {
        const node: NodeRef = { scope: call.scope, nodeId: Destination }
        const jobs = await waitForJobs(gateway, node, call)
        const Messages = jobs.map((job) => ({
          MessageId: job.jobId,
          Destination,
          CreatedDate: clock.now().toISOString(),
          Topic: job.topic,
          Payload: job.content,
          PayloadDigest: hash('sha256', job.content, 'hex'),
        }))
        return { Destination, MessagesRequestId, Messages }
      },
    }),

    ec2messages.open('AcknowledgeMessage', {
      access: access('AcknowledgeMessage', ofJob),
      async handle({ MessageId }, call) {
        await gateway.report(jobNode(MessageId, call), { kind: 'accepted', jobId: MessageId })
        return {}
      },
    }),

    ec2messages.open('SendReply', {
      access: access('SendReply', ofJob),
      async handle({ MessageId, ReplyId, Payload }, call) {
        await gateway.report(jobNode(MessageId, call), {
          kind: 'reply',
          jobId: MessageId,
          replyId: ReplyId,
          content: Payload,
        })
        return {}
      },
    }),

    ec2messages.open('FailMessage', {
      access: access('FailMessage', ofJob),
      async handle({ MessageId, FailureType }, call) {
        const reason = `The agent could not handle the message: ${FailureType}.`
        await gateway.report(jobNode(MessageId, call), { kind: 'refused', jobId: MessageId, reason })
        return {}
      },
    }),
  ]
}

function jobNode(messageId: string, call: OpenCall): NodeRef {
  return { scope: call.scope, nodeId: readJobId(messageId).nodeId }
}

function readJobId(messageId: string): { commandId: string; nodeId: string } {
  try {
    return parseJobId(messageId)
  } catch (cause) {
    throw new ApiError(
      'InvalidMessageIdException',
      `'${messageId.slice(0, 200)}' is not a message that was handed out here.`,
      { cause },
    )
  }
}

/** Resolves with the next jobs, or with none when the time to hold the poll is over or the caller went away. */
async function waitForJobs(gateway: Gateway, node: NodeRef, call: OpenCall): Promise<readonly Job[]> {
  const { signal, principal, sourceIp } = call
  // Others may ask in the name of a node, if policies allow it.
  const credentials = principal.kind === 'node' ? principal.credentials : undefined
  if (signal.aborted) return []
  return new Promise((resolve) => {
    const end = (jobs: readonly Job[]) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      leave()
      resolve(jobs)
    }
    const giveUp = () => end([])
    const timer = setTimeout(giveUp, HOLD_MS)
    signal.addEventListener('abort', giveUp, { once: true })
    const leave = gateway.polling({ node, sourceIp, credentials, deliver: end, close: giveUp })
  })
}
