import { ApiError } from '#kernel/api-error.ts'
import type { DeliveryTarget } from '#kernel/declare.ts'
import { DeliveryFailed } from '#kernel/delivery-failed.ts'
import { toMessage } from './message.ts'
import { publish } from './publish.ts'
import { parseTopicArn } from './topic.ts'
import { findTopic } from './topic-store.ts'

/** Topics as targets: of rules, and of commands that tell of their changes. */
export const topicTarget: DeliveryTarget = {
  kind: 'local',
  serves: (arn) => /^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/.test(arn),
  async deliver({ targetArn, payload, settings }, context) {
    const { name, ...scope } = parseTopicArn(targetArn)
    const topic = await findTopic(context.db, scope, name)
    if (!topic) throw new DeliveryFailed('TARGET_NOT_FOUND', `The topic ${targetArn} does not exist.`, { retry: false })
    const Subject = typeof settings.Subject === 'string' ? settings.Subject : undefined
    try {
      await publish(context, topic, toMessage({ Message: payload, Subject }))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      throw new DeliveryFailed(error.code, error.message, { retry: false, cause: error })
    }
  },
}
