import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateAssociationCommand, SSMClient, UpdateAssociationCommand } from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { aUser } from '#iam/testing/a-user.ts'
import { onWebNodes, StateManager } from './testing/state-manager.ts'

const NODES = 'arn:aws:ssm:us-east-1:000000000000:managed-instance/*'
const onNodes = (role: string) => ({
  Effect: 'Allow',
  Action: ['ssm:CreateAssociation', 'ssm:UpdateAssociation'],
  Resource: NODES,
  Condition: { StringEquals: { 'ssm:resourceTag/role': role } },
})
const onTheRest = {
  Effect: 'Allow',
  Action: ['ssm:CreateAssociation', 'ssm:UpdateAssociation'],
  Resource: ['arn:aws:ssm:*:*:document/*', 'arn:aws:ssm:*:*:association/*'],
}

test('X-12 who may act on some nodes only makes no association that reaches others', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const [web, other] = [await server.fakeNode({ tags: { role: 'web' } }), await server.fakeNode()]
  const credentials = await aUser(server, 'ann', { statements: [onNodes('web'), onTheRest] })
  const ssm = server.client(SSMClient, { credentials })
  const Name = 'AWS-RunShellScript'
  const Parameters = { commands: ['true'] }
  const create = (Targets: { Key: string; Values: string[] }[]) =>
    ssm.send(new CreateAssociationCommand({ Name, Parameters, Targets }))
  const byId = (...Values: string[]) => [{ Key: 'InstanceIds', Values }]

  const { AssociationDescription } = await create(onWebNodes)
  await create(byId(web.id))
  const refused = { name: 'AccessDeniedException', message: /ssm:CreateAssociation/ }
  await assert.rejects(create(byId(web.id, other.id)), refused)
  await assert.rejects(create(byId('*')), refused)
  await assert.rejects(create([{ Key: 'tag:role', Values: ['database'] }]), refused)
  await assert.rejects(create([{ Key: 'tag:role', Values: ['web', 'database'] }]), refused)
  const AssociationId = AssociationDescription!.AssociationId
  await assert.rejects(ssm.send(new UpdateAssociationCommand({ AssociationId, Parameters, Targets: byId('*') })), {
    name: 'AccessDeniedException',
    message: /ssm:UpdateAssociation/,
  })
  const foreign = await state.create({ Targets: byId(other.id) })
  const change = { AssociationId: foreign.id, Parameters: { commands: ['false'] } }
  await assert.rejects(ssm.send(new UpdateAssociationCommand(change)), { name: 'AccessDeniedException' })
})
