/** Finds the policy that a resource has itself. A simulation counts it only when it is handed in. */
import type { Api } from '#api.ts'
import { ApiFault } from '#fault.ts'
import { mapAt } from '#xml.ts'

export interface ResourcePolicy {
  /** Undefined: it has none, or it could not be read. */
  readonly text: string | undefined
  /** The code with which reading it was refused. */
  readonly refused?: string
}

/** Of keys, buckets and what is in them, topics and parameters. */
export async function resourcePolicy(api: Api, arn: string): Promise<ResourcePolicy> {
  try {
    return { text: await policyText(api, arn) }
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error
    const refused = /^AccessDenied|^AuthorizationError/.test(error.code)
    return { text: undefined, ...(refused && { refused: error.code }) }
  }
}

async function policyText(api: Api, arn: string): Promise<string | undefined> {
  const [, , service, , , ...rest] = arn.split(':')
  const path = rest.join(':')
  if (service === 's3') return api.bucketProperty(path.split('/')[0]!, 'policy')
  if (path.includes('*')) return undefined
  if (service === 'kms' && path.startsWith('key/'))
    return (await api.kms('GetKeyPolicy', { KeyId: arn, PolicyName: 'default' })).Policy
  if (service === 'sns') return topicPolicy(api, arn)
  if (service === 'ssm' && path.startsWith('parameter/')) return parameterPolicies(api, arn)
  return undefined
}

async function topicPolicy(api: Api, TopicArn: string): Promise<string | undefined> {
  return mapAt(await api.query('sns', 'GetTopicAttributes', { TopicArn }), 'Attributes').get('Policy')
}

/** A parameter can have several, which say together what one would. */
async function parameterPolicies(api: Api, ResourceArn: string): Promise<string | undefined> {
  const { Policies = [] } = await api.ssm('GetResourcePolicies', { ResourceArn })
  if (Policies.length < 2) return Policies[0]?.Policy
  const Statement = Policies.flatMap(({ Policy }) => JSON.parse(Policy!).Statement as object[])
  return JSON.stringify({ Version: '2012-10-17', Statement }, null, 2)
}
