/**
 * whoever makes something with tags must be allowed to tag it, too. For each operation that takes tags: as one who may
 * make only, as one who may tag under other conditions, and as one who may tag so.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { loadService } from '@steward/model'
import { startServer, type TestServer } from '@steward/testkit'
import { rawCall } from '#door/testing/raw-call.ts'
import { sentInput } from '#door/testing/sent-input.ts'
import { allowUser, aUser, type UserKey } from '#iam/testing/a-user.ts'

const Tags = [{ Key: 'team', Value: 'a' }]
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'ssm.amazonaws.com' }, Action: 'sts:AssumeRole' },
})
const POLICY = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } })

/** What makes something, what tags it, and the resource that is tagged. */
const CREATIONS: readonly (readonly [string, object, string, string])[] = [
  ['ssm:PutParameter', { Name: 'p', Value: 'v', Type: 'String', Tags }, 'ssm:AddTagsToResource', 'parameter/p'],
  ['ssm:CreateActivation', { IamRole: 'Node', Tags }, 'ssm:AddTagsToResource', 'managed-instance/*'],
  ['kms:CreateKey', { Tags: [{ TagKey: 'team', TagValue: 'a' }] }, 'kms:TagResource', 'key/*'],
  ['logs:CreateLogGroup', { logGroupName: 'g', tags: { team: 'a' } }, 'logs:TagResource', 'log-group:g*'],
  ['sns:CreateTopic', { Name: 't', Tags }, 'sns:TagResource', 't'],
  ['events:CreateEventBus', { Name: 'b', Tags }, 'events:TagResource', 'event-bus/b'],
  ['events:PutRule', { Name: 'r', ScheduleExpression: 'rate(1 day)', Tags }, 'events:TagResource', 'rule/r'],
  ['resource-groups:CreateGroup', { Name: 'g', Tags: { team: 'a' } }, 'resource-groups:Tag', 'group/g'],
  ['iam:CreateUser', { UserName: 'bob', Path: '/x/', Tags }, 'iam:TagUser', 'user/x/bob'],
  ['iam:CreateRole', { RoleName: 'R', AssumeRolePolicyDocument: TRUST, Tags }, 'iam:TagRole', 'role/R'],
  ['iam:CreatePolicy', { PolicyName: 'P', PolicyDocument: POLICY, Tags }, 'iam:TagPolicy', 'policy/P'],
  ['iam:CreateInstanceProfile', { InstanceProfileName: 'I', Tags }, 'iam:TagInstanceProfile', 'instance-profile/I'],
  ['iam:CreateVirtualMFADevice', { VirtualMFADeviceName: 'm', Tags }, 'iam:TagMFADevice', 'mfa/m'],
  [
    'iam:CreateOpenIDConnectProvider',
    { Url: 'https://id.example', ThumbprintList: ['a'.repeat(40)], Tags },
    'iam:TagOpenIDConnectProvider',
    'oidc-provider/id.example',
  ],
]

test('X-14 X-23 what is made with tags takes the permission to tag, on what is made and with these tags', async () => {
  await using server = await startServer()
  const role = new CreateRoleCommand({ RoleName: 'Node', AssumeRolePolicyDocument: TRUST })
  await server.client(IAMClient).send(role)
  const key = await aUser(server, 'ann')
  for (const [action, input, tagging, path] of CREATIONS) {
    const service = action.split(':')[0]!
    const region = service === 'iam' ? '' : 'us-east-1'
    const make = allow([action, 'iam:PassRole'], '*')
    const tag = (team: string, resource = `arn:aws:${service}:${region}:000000000000:${path}`) =>
      allow([tagging], resource, { StringEquals: { 'aws:RequestTag/team': team } })
    await allowUser(server, 'ann', [make])
    assert.match(
      await call(server, key, action, input),
      new RegExp(`is not authorized to perform: ${tagging} `),
      action,
    )
    await allowUser(server, 'ann', [make, tag('b'), tag('a', 'arn:aws:x:::elsewhere')])
    assert.match(
      await call(server, key, action, input),
      new RegExp(`is not authorized to perform: ${tagging} `),
      action,
    )
    await allowUser(server, 'ann', [make, tag('a')])
    assert.doesNotMatch(await call(server, key, action, input), /not authorized|Error|Exception/, action)
  }
})

function allow(Action: string[], Resource: string, Condition?: object): object {
  return { Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) }
}

async function call(server: TestServer, credentials: UserKey, action: string, input: object): Promise<string> {
  const [service, name] = action.split(':') as [string, string]
  const operation = loadService(service)!.operation(name)!
  return (await rawCall(server, { service, credentials, ...sentInput(operation, input) })).text
}
