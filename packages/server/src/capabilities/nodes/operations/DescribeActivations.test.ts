import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Activation,
  CreateActivationCommand,
  DeleteActivationCommand,
  DescribeActivationsCommand,
  type DescribeActivationsCommandInput,
  paginateDescribeActivations,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { activate, FakeNode } from '../testing/fake-node.ts'

test('HYB-01 an activation is shown with everything but its code', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const made = await ssm.send(
    new CreateActivationCommand({
      IamRole: 'Role',
      Description: 'Web servers',
      DefaultInstanceName: 'web',
      RegistrationLimit: 10,
      ExpirationDate: new Date(server.house.clock.now().getTime() + 29 * 86_400_000),
      Tags: [{ Key: 'role', Value: 'web' }],
      RegistrationMetadata: [{ Key: 'k', Value: 'v' }],
    }),
  )
  assert.match(made.ActivationId!, /^[0-9a-f-]{36}$/)
  assert.match(made.ActivationCode!, /^[A-Za-z0-9]{20}$/)
  const [shown] = (await ssm.send(new DescribeActivationsCommand({}))).ActivationList!
  const { ExpirationDate, CreatedDate, ...rest } = shown!
  assert.deepEqual(rest, {
    ActivationId: made.ActivationId,
    Description: 'Web servers',
    DefaultInstanceName: 'web',
    IamRole: 'Role',
    RegistrationLimit: 10,
    RegistrationsCount: 0,
    Expired: false,
    Tags: [{ Key: 'role', Value: 'web' }],
  })
  const days = (ExpirationDate!.getTime() - CreatedDate!.getTime()) / 86_400_000
  assert.ok(days > 28.9 && days <= 29, `${days}`)
})

test('HYB-01 an activation is for one node and a day unless it says otherwise, and then expires', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  await activate(server)
  const look = async () => (await ssm.send(new DescribeActivationsCommand({}))).ActivationList![0]!
  const { RegistrationLimit, Expired, ExpirationDate, CreatedDate } = await look()
  assert.equal(RegistrationLimit, 1)
  assert.equal(Expired, false)
  assert.equal(ExpirationDate!.getTime() - CreatedDate!.getTime(), 86_400_000)
  await server.advance(86_400_000)
  ssm.config.systemClockOffset = 86_400_000
  assert.equal((await look()).Expired, true)
})

test('HYB-01 limits outside 1 to 1,000, dates too far ahead and roles that are none are refused', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const refused = (more: object, name: string) =>
    assert.rejects(ssm.send(new CreateActivationCommand({ IamRole: 'Role', ...more })), { name })
  await refused({ RegistrationLimit: 0 }, 'ValidationException')
  await refused({ RegistrationLimit: 1001 }, 'ValidationException')
  await refused({ DefaultInstanceName: 'x'.repeat(257) }, 'ValidationException')
  await refused({ IamRole: 'not a role' }, 'ValidationException')
  await refused({ ExpirationDate: new Date(Date.now() + 31 * 86_400_000) }, 'InvalidParameters')
  await refused({ ExpirationDate: new Date(Date.now() - 1000) }, 'InvalidParameters')
  await refused({ Tags: [{ Key: 'aws:x', Value: '' }] }, 'InvalidParameters')
})

test('HYB-02 deleting an activation ends registrations with it, not the nodes that did register', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const activation = await activate(server, { RegistrationLimit: 5 })
  const node = new FakeNode(server)
  await node.register(activation)
  await ssm.send(new DeleteActivationCommand({ ActivationId: activation.id }))
  assert.deepEqual((await ssm.send(new DescribeActivationsCommand({}))).ActivationList, [])
  assert.equal((await new FakeNode(server).register(activation)).status, 400)
  assert.equal((await node.requestToken()).status, 200)
  await assert.rejects(ssm.send(new DeleteActivationCommand({ ActivationId: activation.id })), {
    name: 'InvalidActivationId',
  })
  const elsewhere = server.client(SSMClient, { region: 'eu-west-1' })
  const other = await activate(server)
  await assert.rejects(elsewhere.send(new DeleteActivationCommand({ ActivationId: other.id })), {
    name: 'InvalidActivationId',
  })
})

test('HYB-03 activations are filtered by id, name and role, and paged from the newest', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const ids: string[] = []
  for (const DefaultInstanceName of ['a', 'b', 'c', 'd', 'e']) {
    ids.unshift(
      (await activate(server, { DefaultInstanceName, IamRole: DefaultInstanceName < 'c' ? 'Old' : 'New' })).id,
    )
    await server.advance(1000)
  }
  const list = async (Filters: DescribeActivationsCommandInput['Filters']) =>
    names((await ssm.send(new DescribeActivationsCommand({ Filters }))).ActivationList!)
  assert.equal(await list([{ FilterKey: 'ActivationIds', FilterValues: [ids[0]!, ids[3]!] }]), 'eb')
  assert.equal(await list([{ FilterKey: 'DefaultInstanceName', FilterValues: ['c'] }]), 'c')
  assert.equal(
    await list([
      { FilterKey: 'IamRole', FilterValues: ['Old'] },
      { FilterKey: 'DefaultInstanceName', FilterValues: ['a', 'e'] },
    ]),
    'a',
  )
  await assert.rejects(list([{ FilterKey: 'IamRole' }]), { name: 'InvalidFilter' })

  const pages: string[] = []
  for await (const page of paginateDescribeActivations({ client: ssm, pageSize: 2 }, {})) {
    pages.push(names(page.ActivationList!))
    await activate(server, { DefaultInstanceName: 'new' })
  }
  assert.deepEqual(pages, ['ed', 'cb', 'a'])
  const elsewhere = server.client(SSMClient, { region: 'eu-west-1' })
  assert.deepEqual((await elsewhere.send(new DescribeActivationsCommand({}))).ActivationList, [])
})

function names(activations: readonly Activation[]): string {
  return activations.map(({ DefaultInstanceName }) => DefaultInstanceName).join('')
}
