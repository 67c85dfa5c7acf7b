import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge'

/** A rule that posts what it matches to `url`, under the key `s3cret`. */
export async function webhookRule(
  events: EventBridgeClient,
  name: string,
  url: string,
  pattern: object,
  more: Partial<Target> = {},
): Promise<{ destinationArn: string }> {
  const { ConnectionArn } = await events.send(
    new CreateConnectionCommand({
      Name: name,
      AuthorizationType: 'API_KEY',
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Api-Key', ApiKeyValue: 's3cret' } },
    }),
  )
  const { ApiDestinationArn } = await events.send(
    new CreateApiDestinationCommand({ Name: name, ConnectionArn, InvocationEndpoint: url, HttpMethod: 'POST' }),
  )
  await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }))
  await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 't', Arn: ApiDestinationArn, ...more }] }))
  return { destinationArn: ApiDestinationArn! }
}
