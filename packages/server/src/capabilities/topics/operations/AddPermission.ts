import { foreignAction, invalidParameter } from '../errors.ts'
import { sns } from '../sns.ts'
import { defaultPolicy, topicArn, topicNamed } from '../topic.ts'
import { requireTopic, saveTopic } from '../topic-store.ts'

interface Policy {
  readonly Statement: readonly { readonly Sid?: string }[]
}

const ACTIONS =
  /^(AddPermission|DeleteTopic|GetTopicAttributes|ListSubscriptionsByTopic|Publish|RemovePermission|SetTopicAttributes|Subscribe|\*)$/

/** Adds a statement to the topic's policy. */
export const AddPermission = sns.write('AddPermission', {
  access: (input) => ({ action: 'sns:AddPermission', resources: [input.TopicArn] }),

  async handle({ TopicArn, Label, AWSAccountId, ActionName }, call) {
    const topic = await requireTopic(call.db, call.scope, topicNamed(call.scope, TopicArn))
    const wrong = ActionName.find((action) => !ACTIONS.test(action))
    if (wrong !== undefined) throw foreignAction()
    const account = AWSAccountId.find((id) => !/^\d{12}$/.test(id))
    if (account !== undefined) throw invalidParameter(`AWSAccountId: ${account}`)
    const policy = JSON.parse(topic.policy ?? defaultPolicy(call.scope, topic.name)) as Policy
    const statements = [policy.Statement].flat()
    if (statements.some(({ Sid }) => Sid === Label)) throw invalidParameter('Statement already exists')
    const added = {
      Sid: Label,
      Effect: 'Allow',
      Principal: { AWS: oneOrMore(AWSAccountId.map((id) => `arn:aws:iam::${id}:root`)) },
      Action: oneOrMore(ActionName.map((action) => `SNS:${action}`)),
      Resource: topicArn(call.scope, topic.name),
    }
    await saveTopic(call.db, { ...topic, policy: JSON.stringify({ ...policy, Statement: [...statements, added] }) })
    return {}
  },
})

function oneOrMore(texts: readonly string[]): string | readonly string[] {
  return texts.length === 1 ? texts[0]! : texts
}

/** Takes a statement off the topic's policy; one that is not there is no error. */
export const RemovePermission = sns.write('RemovePermission', {
  access: (input) => ({ action: 'sns:RemovePermission', resources: [input.TopicArn] }),

  async handle({ TopicArn, Label }, call) {
    const topic = await requireTopic(call.db, call.scope, topicNamed(call.scope, TopicArn))
    if (topic.policy === null) return {}
    const policy = JSON.parse(topic.policy) as Policy
    const Statement = [policy.Statement].flat().filter(({ Sid }) => Sid !== Label)
    const left = Statement.length > 0 ? JSON.stringify({ ...policy, Statement }) : null
    await saveTopic(call.db, { ...topic, policy: left })
    return {}
  },
})
