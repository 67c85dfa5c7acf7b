import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Principal } from '#kernel/principal.ts'
import { decide } from './decide.ts'

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

const own = 'arn:aws:ssm:r:1:managed-instance/mi-1'
const anothers = 'arn:aws:ssm:r:1:managed-instance/mi-12'
const document = 'arn:aws:ssm:r:1:document/d'

for (const [who, principal, action, resource, allowed] of [
  ['the root key', root, 'ssm:DeleteDocument', document, true],
  ['nobody', anonymous, 'ssm:RegisterManagedInstance', '*', true],
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
] as const) {
  test(`X-13 ${who} ${allowed ? 'may' : 'may not'} ${action} on ${resource}`, () => {
    const wanted = allowed ? { allowed } : { allowed, action, resource }
    assert.deepEqual(decide(principal, [{ action, resources: [resource] }]), wanted)
  })
}

test('X-13 everything that is asked for must be allowed; the first that is not is named', () => {
  const decision = decide(node, [
    { action: 'ssm:GetDocument', resources: [document] },
    { action: 'ssm:UpdateInstanceInformation', resources: [own, anothers] },
    { action: 'ssm:SendCommand', resources: ['*'] },
  ])
  assert.deepEqual(decision, { allowed: false, action: 'ssm:UpdateInstanceInformation', resource: anothers })
})
