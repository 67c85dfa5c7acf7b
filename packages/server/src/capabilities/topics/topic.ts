/** Topics: their names, attributes and policies. */
import { checkPrincipals } from '#capabilities/iam/index.ts'
import type { Reader } from '#db/database.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { arn, type Scope } from '#kernel/scope.ts'
import { foreignAction, invalidParameter, noSuchTopic, notBuilt, principalNotFound } from './errors.ts'
import type { TopicRow } from './tables.ts'

export function topicArn(scope: Scope, name: string): string {
  return arn(scope, 'sns', name)
}

/** The scope and name in a topic's ARN. Throws `InvalidParameter`. */
export function parseTopicArn(text: string, parameter = 'TopicArn'): Scope & { readonly name: string } {
  const parts = text.split(':')
  if (parts.length < 6)
    throw invalidParameter(`${parameter} Reason: An ARN must have at least 6 elements, not ${parts.length}`)
  const [prefix, , service, region, account, name, ...more] = parts
  if (prefix !== 'arn' || service !== 'sns' || !region || !account || !name || more.length > 0)
    throw invalidParameter(parameter)
  return { region, account, name }
}

/** The name of a topic of this account and Region. Throws `InvalidParameter`, `NotFound`. */
export function topicNamed(scope: Scope, text: string, parameter = 'TopicArn'): string {
  const { account, region, name } = parseTopicArn(text, parameter)
  if (region !== scope.region) throw invalidParameter(parameter)
  if (account !== scope.account) throw noSuchTopic()
  return name
}

export function checkTopicName(name: string): void {
  if (name.endsWith('.fifo')) throw notBuilt('Topic Name', 'FIFO topics are')
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalidParameter('Topic Name')
}

/** Attributes that may be set, and what they may be. */
const ATTRIBUTES: Readonly<Record<string, (value: string) => void>> = {
  DisplayName(value) {
    if (value.length > 100) throw invalidParameter('DisplayName')
  },
  SignatureVersion(value) {
    if (value !== '1' && value !== '2') throw invalidParameter('SignatureVersion')
  },
  TracingConfig(value) {
    if (value === 'Active') throw notBuilt('TracingConfig', 'Active tracing is')
    if (value !== 'PassThrough') throw invalidParameter('TracingConfig')
  },
  FifoTopic(value) {
    if (value === 'true') throw notBuilt('FifoTopic', 'FIFO topics are')
    if (value !== 'false') throw invalidParameter('FifoTopic')
  },
}

/** Known to SNS, and not built; empty texts switch them off, which they are. */
const LEFT_OUT =
  /^(DeliveryPolicy|KmsMasterKeyId|ArchivePolicy|ContentBasedDeduplication|FifoThroughputScope|DataProtectionPolicy|(HTTP|Firehose|Lambda|Application|SQS)(Success|Failure)Feedback(RoleArn|SampleRate))$/

/** Throws `InvalidParameter` for an attribute that cannot be set, or not to this. */
export async function checkAttribute(reader: Reader, name: string, value: string): Promise<void> {
  if (name === 'Policy') {
    if (value !== '') await checkPolicy(reader, value)
  } else if (LEFT_OUT.test(name)) {
    if (value !== '' && value !== 'false') throw notBuilt(name, `The attribute ${name} is`)
  } else if (Object.hasOwn(ATTRIBUTES, name)) ATTRIBUTES[name]!(value)
  else throw invalidParameter('AttributeName')
}

async function checkPolicy(reader: Reader, text: string): Promise<void> {
  const policy = parsePolicy(text, 'resource', 'InvalidParameter')
  const actions = policy.statements.flatMap(({ actions: { listed } }) => listed)
  if (actions.some((action) => action !== '*' && !/^sns:/i.test(action))) throw foreignAction()
  await checkPrincipals(reader, policy, principalNotFound)
}

/** Whether the attribute is kept when it is set. */
export function isKept(name: string): boolean {
  return Object.hasOwn(ATTRIBUTES, name) && name !== 'FifoTopic'
}

/** The policy of a topic that was given none: it leaves everything to the policies of the account's own principals. */
export function defaultPolicy(scope: Scope, name: string): string {
  const actions = ['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic']
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [...actions, 'Subscribe', 'ListSubscriptionsByTopic', 'Publish'].map((action) => `SNS:${action}`),
        Resource: topicArn(scope, name),
        Condition: { StringEquals: { 'AWS:SourceOwner': scope.account } },
      },
    ],
  })
}

export function attributesOf(row: TopicRow): Record<string, string> {
  return JSON.parse(row.attributes) as Record<string, string>
}
