import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DescribeEventBusCommand, EventBridgeClient, PutPermissionCommand } from '@aws-sdk/client-eventbridge'
import { CreateGroupCommand, GetUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns'
import { PutParameterCommand, PutResourcePolicyCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { aRole, aUser, trusting } from '#capabilities/identity/testing/account.ts'

const ROOT = 'arn:aws:iam::000000000000:root'

/** By service, what gives a resource of it a policy that names the principals. */
async function resources(server: TestServer) {
  const [kms, ssm, sns] = [server.client(KMSClient), server.client(SSMClient), server.client(SNSClient)]
  const [s3, events] = [server.client(S3Client), server.client(EventBridgeClient)]
  const policy = (principals: object, Action: string, Resource: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: ROOT }, Action, Resource },
        { Effect: 'Allow', Principal: principals, Action, Resource },
      ],
    })
  const { KeyId } = (await kms.send(new CreateKeyCommand({}))).KeyMetadata!
  await ssm.send(new PutParameterCommand({ Name: '/p', Type: 'String', Value: 'v', Tier: 'Advanced' }))
  const ResourceArn = 'arn:aws:ssm:us-east-1:000000000000:parameter/p'
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 't' }))
  const topicPolicy = (of: object) => policy(of, 'sns:Publish', 'arn:aws:sns:us-east-1:000000000000:*')
  await s3.send(new CreateBucketCommand({ Bucket: 'box' }))
  const { Arn } = await events.send(new DescribeEventBusCommand({}))
  let topics = 0
  return {
    key: (of: object) => kms.send(new PutKeyPolicyCommand({ KeyId, Policy: policy(of, 'kms:*', '*') })),
    parameter: (of: object) =>
      ssm.send(new PutResourcePolicyCommand({ ResourceArn, Policy: policy(of, 'ssm:GetParameter', ResourceArn) })),
    topic: (of: object) =>
      sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue: topicPolicy(of) })),
    newTopic: (of: object) =>
      sns.send(new CreateTopicCommand({ Name: `t${topics++}`, Attributes: { Policy: topicPolicy(of) } })),
    bucket: (of: object) =>
      s3.send(new PutBucketPolicyCommand({ Bucket: 'box', Policy: policy(of, 's3:ListBucket', 'arn:aws:s3:::box') })),
    bus: (of: object) => events.send(new PutPermissionCommand({ Policy: policy(of, 'events:PutEvents', Arn!) })),
  }
}

const topic = { name: 'InvalidParameterException', message: 'Invalid parameter: Policy Error: PrincipalNotFound' }
const refusals = (name: string) => ({
  key: {
    name: 'MalformedPolicyDocumentException',
    message: 'Policy contains a statement with one or more invalid principals.',
  },
  parameter: {
    name: 'MalformedResourcePolicyDocumentException',
    message: `Invalid principal in policy: "AWS":"${name}"`,
  },
  topic,
  newTopic: topic,
  bucket: { name: 'MalformedPolicy', message: 'Invalid principal in policy' },
  bus: { name: 'ValidationException', message: `Invalid principal in policy: "AWS":"${name}"` },
})

for (const database of DATABASES) {
  test(`X-13 policies of resources name no user and no role that is not there (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    const ann = await aUser(server, 'ann')
    const { UserId } = (await iam.send(new GetUserCommand({ UserName: 'ann' }))).User!
    const role = await aRole(server, 'deploy', trusting({ AWS: ROOT }), { Path: '/ci/' })
    const { GroupId } = (await iam.send(new CreateGroupCommand({ GroupName: 'team' }))).Group!
    const all = await resources(server)

    for (const [service, put] of Object.entries(all)) {
      for (const nobody of [
        'arn:aws:iam::000000000000:user/nobody',
        'arn:aws:iam::000000000000:user/ANN',
        // The name alone does not do: the path is part of who is meant.
        'arn:aws:iam::000000000000:role/deploy',
        'arn:aws:iam::210987654321:role/deploy',
        'AIDAAAAAAAAAAAAAAAAAA',
        'AROAAAAAAAAAAAAAAAAAA',
        GroupId!,
      ]) {
        const refusal = refusals(nobody)[service as keyof typeof all]
        await assert.rejects(put({ AWS: [ann.arn, nobody] }), refusal, `${service} ${nobody}`)
      }
      const others = ['210987654321', 'arn:aws:iam::210987654321:root', '*']
      await put({ AWS: [ann.arn, UserId!, role.arn, role.id, ...others], Service: 'events.amazonaws.com' })
      await put('*' as never)
    }
  })
}
