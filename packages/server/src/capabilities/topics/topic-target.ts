import { sessionForService } from '#capabilities/iam/index.ts'
import { deniesService } from '#iam/policy/denies-service.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Delivery, DeliveryTarget, LocalDeliveryContext } from '#kernel/declare.ts'
import { DeliveryFailed } from '#kernel/delivery-failed.ts'
import type { RolePrincipal } from '#kernel/principal.ts'
import { toMessage } from './message.ts'
import { Publish } from './operations/Publish.ts'
import { publish } from './publish.ts'
import type { TopicRow } from './tables.ts'
import { parseTopicArn } from './topic.ts'
import { findTopic } from './topic-store.ts'

/** Topics as targets: of rules, and of commands that tell of their changes. */
export const topicTarget: DeliveryTarget = {
  kind: 'local',
  serves: (arn) => /^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/.test(arn),
  async deliver(delivery, context) {
    const { name, ...scope } = parseTopicArn(delivery.targetArn)
    const topic = await findTopic(context.db, scope, name)
    if (!topic)
      throw new DeliveryFailed('TARGET_NOT_FOUND', `The topic ${delivery.targetArn} does not exist.`, { retry: false })
    const Subject = typeof delivery.settings.Subject === 'string' ? delivery.settings.Subject : undefined
    const message = { Message: delivery.payload, Subject }
    const service = `${delivery.sourceArn.split(':')[2]}.amazonaws.com`
    const principal = await publisherOf(delivery, service, context)
    try {
      const input = { ...message, TopicArn: delivery.targetArn }
      if (principal) await context.perform(Publish, input, { principal, scope, service }, context)
      else {
        refuseDenied(delivery, topic, service)
        await publish(context, topic, toMessage(message))
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      throw new DeliveryFailed(error.code, error.message, { retry: false, cause: error })
    }
  },
}

/**
 * The role to publish as; undefined if the source needs none: a rule leads to topics of its own account by itself. A role that is
 * none of IAM's says nothing about what it may do, so whoever passed it has the say.
 */
async function publisherOf(
  { settings, eventId }: Delivery,
  service: string,
  { db, now }: LocalDeliveryContext,
): Promise<RolePrincipal | undefined> {
  if (typeof settings.RoleArn !== 'string' || settings.RoleArn === '') return undefined
  const { exists, principal } = await sessionForService(db, settings.RoleArn, service, eventId, now)
  if (!exists || principal) return principal
  throw new DeliveryFailed(
    'ROLE_NOT_ASSUMED',
    `The trust policy of the role ${settings.RoleArn} does not let ${service} assume it.`,
    { retry: false },
  )
}

/** Throws `DeliveryFailed` if the topic's policy keeps out the service, or the role that only its passer answers for. */
function refuseDenied({ sourceArn, targetArn, settings }: Delivery, topic: TopicRow, service: string): void {
  if (topic.policy === null) return
  const roleArn = typeof settings.RoleArn === 'string' && settings.RoleArn !== '' ? settings.RoleArn : undefined
  const policy = { name: topic.name, source: 'resource', policy: parsePolicy(topic.policy, 'resource') } as const
  const deed = { scope: topic, service, action: 'sns:Publish', resource: targetArn, sourceArn, roleArn }
  if (!deniesService(deed, policy)) return
  throw new DeliveryFailed('NO_PERMISSIONS', `The policy of the topic keeps ${roleArn ?? service} from publishing.`, {
    retry: false,
  })
}
