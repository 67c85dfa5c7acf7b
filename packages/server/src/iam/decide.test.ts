import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PrincipalPolicies } from '#kernel/declare.ts'
import type { Principal } from '#kernel/principal.ts'
import { decide } from './decide.ts'
import { parsePolicy } from './policy/parse-policy.ts'

const root: Principal = { kind: 'root', account: '1', arn: 'arn:aws:iam::1:root', accessKeyId: 'AKIA' }
const anonymous: Principal = { kind: 'anonymous', account: '1', arn: 'arn:aws:sts::1:anonymous' }
const node: Principal = {
  kind: 'node',
  account: '1',
  region: 'r',
  arn: 'arn:aws:sts::1:assumed-role/R/mi-1',
  nodeId: 'mi-1',
  role: 'R',
}

const user: Principal = {
  kind: 'user',
  account: '1',
  arn: 'arn:aws:iam::1:user/u',
  name: 'u',
  userId: 'AIDA1',
  accessKeyId: 'AKIA1',
}

const own = 'arn:aws:ssm:r:1:managed-instance/mi-1'
const anothers = 'arn:aws:ssm:r:1:managed-instance/mi-12'
const document = 'arn:aws:ssm:r:1:document/d'

for (const [who, principal, action, resource, allowed] of [
  ['the root key', root, 'ssm:DeleteDocument', document, true],
  ['nobody', anonymous, 'ssm:GetDocument', document, false],
  ['a node', node, 'sts:GetCallerIdentity', '*', true],
  ['a node', node, 'ssm:GetDocument', document, true],
  ['a node', node, 'ssm:UpdateInstanceInformation', own, true],
  ['a node', node, 'ssm:UpdateInstanceInformation', anothers, false],
  ['a node', node, 'ec2messages:GetMessages', own, true],
  ['a node', node, 'ec2messages:GetMessages', 'arn:aws:ssm:r:2:managed-instance/mi-1', false],
  ['a node', node, 'ec2messages:GetMessages', 'arn:aws:ec2:r:1:instance/i-1', false],
  ['a node', node, 'ssmmessages:OpenControlChannel', anothers, false],
  ['a node', node, 'ssm:SendCommand', own, false],
  ['a node', node, 'ssm:DeregisterManagedInstance', own, false],
  ['a node', node, 's3:PutObject', 'arn:aws:s3:::outputs/c/mi-1/stdout', true],
  ['a node', node, 's3:GetObject', 'arn:aws:s3:::outputs/c/mi-1/stdout', false],
  ['a node', node, 'logs:PutLogEvents', 'arn:aws:logs:r:1:log-group:g:log-stream:s', true],
  ['a node', node, 'logs:GetLogEvents', 'arn:aws:logs:r:1:log-group:g:log-stream:s', false],
] as const) {
  test(`X-13 ${who} ${allowed ? 'may' : 'may not'} ${action} on ${resource}`, () => {
    const because = `because no identity-based policy allows the ${action} action`
    const wanted = allowed ? { allowed } : { allowed, because }
    assert.partialDeepStrictEqual(decide({ principal, policies: undefined }, { action, resource }), wanted)
  })
}

test('X-13 a node whose role is one of IAM’s may do what that allows, of what nodes may do, and speak with its own key', () => {
  const policies = policiesOf({
    Statement: {
      Effect: 'Allow',
      Action: ['ssm:UpdateInstanceInformation', 'ssm:SendCommand', 's3:GetObject'],
      Resource: '*',
    },
  })
  const may = (action: string, resource = own) => decide({ principal: node, policies }, { action, resource }).allowed
  assert.equal(may('ssm:UpdateInstanceInformation'), true)
  assert.equal(may('ssm:UpdateInstanceInformation', anothers), false)
  assert.equal(may('ec2messages:GetMessages'), false)
  assert.equal(may('ssm:SendCommand'), false)
  assert.equal(may('s3:GetObject', 'arn:aws:s3:::b/o'), true)
  assert.equal(may('s3:PutObject', 'arn:aws:s3:::b/o'), false)
  assert.equal(may('ssm:RequestManagedInstanceRoleToken'), true)
  assert.equal(may('sts:GetCallerIdentity'), true)
})

test('X-13 who a user is it may always ask, whatever its policies deny', () => {
  const policies = policiesOf({ Statement: { Effect: 'Deny', Action: '*', Resource: '*' } })
  const caller = { principal: user, policies }
  assert.deepEqual(decide(caller, { action: 'sts:GetCallerIdentity', resource: '*' }), { allowed: true })
  assert.partialDeepStrictEqual(decide(caller, { action: 'ssm:GetDocument', resource: document }), {
    allowed: false,
    because: 'with an explicit deny in an identity-based policy',
  })
})

test('X-13 what belongs to another account needs a policy of its own', () => {
  const policies = policiesOf({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } })
  const ask = (resource: string) => decide({ principal: user, policies }, { action: 'ssm:GetParameter', resource })
  assert.deepEqual(ask('arn:aws:ssm:r:1:parameter/p'), { allowed: true })
  assert.deepEqual(ask('arn:aws:ssm:r::parameter/aws/service/p'), { allowed: true })
  assert.deepEqual(ask('arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'), { allowed: true })
  assert.partialDeepStrictEqual(ask('arn:aws:ssm:r:2:parameter/p'), {
    allowed: false,
    because: 'because no resource-based policy allows the ssm:GetParameter action',
  })
})

function policiesOf(document: object): PrincipalPolicies {
  const policy = parsePolicy(JSON.stringify({ Version: '2012-10-17', ...document }))
  return { identity: [{ name: 'p', source: 'user', policy }], tags: {} }
}
