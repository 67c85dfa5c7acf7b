import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DeleteResourcePolicyCommand,
  GetResourcePoliciesCommand,
  PutResourcePolicyCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { openTestDatabase, startServer } from '@steward/testkit'
import { eventsCapability } from '#capabilities/events/index.ts'
import { settingsCapability } from '#capabilities/settings/index.ts'
import { tagsCapability } from '#capabilities/tags/index.ts'
import type { Operation, WriteCall } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import type { Scope } from '#kernel/scope.ts'
import { parametersCapability } from './index.ts'
import { DescribeParameters } from './operations/DescribeParameters.ts'
import { GetParameter } from './operations/GetParameter.ts'
import { GetParameters } from './operations/GetParameters.ts'
import { PutParameter } from './operations/PutParameter.ts'
import { PutResourcePolicy } from './operations/PutResourcePolicy.ts'
import { ParameterStore } from './testing/parameter-store.ts'

const OWNER: Scope = { account: '111111111111', region: 'us-east-1' }
const OTHER: Scope = { account: '222222222222', region: 'us-east-1' }

const policy = (
  Resource: string,
  Action: string | string[] = ['ssm:DescribeParameters', 'ssm:GetParameter', 'ssm:GetParameters'],
) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: OTHER.account }, Action, Resource }],
  })

// An installation has one account so far, so what accounts do to each other is tested behind the door.
async function house() {
  const capabilities = [tagsCapability, settingsCapability, eventsCapability, parametersCapability]
  const database = await openTestDatabase(
    'sqlite',
    Object.assign({}, ...capabilities.map(({ migrations }) => migrations)),
  )
  const root = (scope: Scope) => {
    const principal = { kind: 'root', account: scope.account, arn: `arn:aws:iam::${scope.account}:root` }
    return <T = Record<string, unknown>>(operation: Operation, input: object) =>
      database.write(async (db) => {
        const tokens = { cursor: () => undefined, nextToken: () => undefined, wake() {}, requestId: 'r' }
        const call = { scope, principal, db, now: new Date(), ids: randomIds, ...tokens } as unknown as WriteCall
        return (await operation.handle(input, call as never)) as T
      })
  }
  return { root, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

test('PS-17 another account reads what is shared with it by its ARN, and nothing else', async () => {
  await using the = await house()
  const owner = the.root(OWNER)
  const other = the.root(OTHER)
  const arn = (name: string) => `arn:aws:ssm:us-east-1:${OWNER.account}:parameter${name}`
  for (const Name of ['/shared', '/private'])
    await owner(PutParameter, { Name, Value: 'v', Type: 'String', Tier: 'Advanced' })
  await assert.rejects(other(GetParameter, { Name: arn('/shared') }), { code: 'ParameterNotFound' })

  await owner(PutResourcePolicy, { ResourceArn: arn('/shared'), Policy: policy(arn('/shared')) })
  const { Parameter } = await other<{ Parameter: object }>(GetParameter, { Name: arn('/shared') })
  assert.partialDeepStrictEqual(Parameter, { Name: '/shared', Value: 'v', ARN: arn('/shared') })
  await assert.rejects(
    other(GetParameter, { Name: '/shared' }),
    { code: 'ParameterNotFound' },
    'by its name it is one’s own',
  )
  await assert.rejects(other(GetParameter, { Name: arn('/private') }), { code: 'ParameterNotFound' })
  const many = await other<{ InvalidParameters: string[] }>(GetParameters, { Names: [arn('/shared'), arn('/private')] })
  assert.deepEqual(many.InvalidParameters, [arn('/private')])
  await assert.rejects(other(PutResourcePolicy, { ResourceArn: arn('/shared'), Policy: policy(arn('/shared')) }), {
    code: 'ResourceNotFoundException',
  })

  const names = async (input: object) =>
    (await other<{ Parameters: { Name: string }[] }>(DescribeParameters, input)).Parameters.map(({ Name }) => Name)
  assert.deepEqual(await names({ Shared: true }), ['/shared'])
  assert.deepEqual(await names({}), [])
  assert.deepEqual(await names({ Shared: true, ParameterFilters: [{ Key: 'Type', Values: ['SecureString'] }] }), [])
})

test('X-25 resource policies are put, listed, changed by those who saw them, and deleted', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const store = new ParameterStore(server)
  const ResourceArn = 'arn:aws:ssm:us-east-1:000000000000:parameter/p'
  const put = (Policy: string, more: { PolicyId?: string; PolicyHash?: string } = {}) =>
    ssm.send(new PutResourcePolicyCommand({ ResourceArn, Policy, ...more }))
  await assert.rejects(put(policy(ResourceArn)), { name: 'ResourceNotFoundException' })
  await store.put('/p', 'v')
  await assert.rejects(put(policy(ResourceArn)), { name: 'ResourcePolicyInvalidParameterException' })
  await store.put('/p', 'v', { Overwrite: true, Tier: 'Advanced' })

  await assert.rejects(put('{"Version":"2012-10-17"}'), { name: 'MalformedResourcePolicyDocumentException' })
  await assert.rejects(put(policy('x'.repeat(1024))), { name: 'ResourcePolicyLimitExceededException' })
  const first = await put(policy(ResourceArn))
  assert.match(first.PolicyHash!, /^[0-9a-f]{64}$/)
  const list = async () => (await ssm.send(new GetResourcePoliciesCommand({ ResourceArn }))).Policies
  assert.deepEqual(await list(), [
    { PolicyId: first.PolicyId, PolicyHash: first.PolicyHash, Policy: policy(ResourceArn) },
  ])
  const seen = { PolicyId: first.PolicyId!, PolicyHash: first.PolicyHash! }
  const second = await put(policy(ResourceArn, 'ssm:GetParameter'), seen)
  assert.equal(second.PolicyId, first.PolicyId)
  await assert.rejects(put(policy(ResourceArn), seen), { name: 'ResourcePolicyConflictException' })
  await assert.rejects(put(policy(ResourceArn), { ...seen, PolicyId: 'none' }), {
    name: 'ResourcePolicyNotFoundException',
  })
  const remove = (PolicyHash: string) =>
    ssm.send(new DeleteResourcePolicyCommand({ ResourceArn, PolicyId: first.PolicyId!, PolicyHash }))
  await assert.rejects(remove(first.PolicyHash!), { name: 'ResourcePolicyConflictException' })
  await remove(second.PolicyHash!)
  assert.deepEqual(await list(), [])
})
