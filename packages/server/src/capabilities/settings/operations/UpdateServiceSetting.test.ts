import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateDocumentCommand,
  GetServiceSettingCommand,
  ModifyDocumentPermissionCommand,
  PutParameterCommand,
  ResetServiceSettingCommand,
  SSMClient,
  StartSessionCommand,
  UpdateServiceSettingCommand,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { RunCommand } from '#capabilities/commands/testing/run-command.ts'
import { activate, FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { allowUser, aUser } from '#iam/testing/a-user.ts'

const TIER = '/ssm/parameter-store/default-parameter-tier'
const ACTIVATION_TIER = '/ssm/managed-instance/activation-tier'
const DEFAULT_ROLE = '/ssm/managed-instance/default-ec2-instance-management-role'

for (const database of DATABASES) {
  test(`X-22 a setting is read, changed and put back; the default tier counts at once (${database})`, async () => {
    await using server = await startServer({ database })
    const ssm = server.client(SSMClient)
    const get = async (SettingId: string) =>
      (await ssm.send(new GetServiceSettingCommand({ SettingId }))).ServiceSetting
    const put = async (Name: string) =>
      (await ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String' }))).Tier
    const ARN = `arn:aws:ssm:us-east-1:000000000000:servicesetting${TIER}`
    const standard = { SettingId: TIER, SettingValue: 'Standard', ARN, Status: 'Default', LastModifiedUser: 'System' }
    assert.partialDeepStrictEqual(await get(TIER), standard)
    assert.equal(await put('a'), 'Standard')

    await ssm.send(new UpdateServiceSettingCommand({ SettingId: ARN, SettingValue: 'Advanced' }))
    assert.partialDeepStrictEqual(await get(ARN), { SettingId: TIER, SettingValue: 'Advanced', Status: 'Customized' })
    assert.equal(await put('b'), 'Advanced')

    const { ServiceSetting } = await ssm.send(new ResetServiceSettingCommand({ SettingId: TIER }))
    assert.partialDeepStrictEqual(ServiceSetting, { SettingValue: 'Standard', Status: 'Default' })
    assert.equal(await put('c'), 'Standard')
  })
}

test('X-22 settings that do not exist, and values that they cannot have, are refused', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const update = (SettingId: string, SettingValue: string) =>
    ssm.send(new UpdateServiceSettingCommand({ SettingId, SettingValue }))
  await assert.rejects(update('/ssm/nothing', 'x'), { name: 'ServiceSettingNotFound' })
  await assert.rejects(ssm.send(new GetServiceSettingCommand({ SettingId: 'constructor' })), {
    name: 'ServiceSettingNotFound',
  })
  await assert.rejects(update(TIER, 'Gold'), { name: 'ValidationException' })
})

test('X-22 public sharing of documents can be turned off', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const step = { action: 'aws:runShellScript', name: 'step', inputs: { runCommand: ['true'] } }
  const Content = JSON.stringify({ schemaVersion: '2.2', mainSteps: [step] })
  await ssm.send(new CreateDocumentCommand({ Name: 'mine', Content, DocumentType: 'Command' }))
  const share = (AccountIdsToAdd: string[]) =>
    ssm.send(new ModifyDocumentPermissionCommand({ Name: 'mine', PermissionType: 'Share', AccountIdsToAdd }))
  const set = (SettingValue: string) =>
    ssm.send(
      new UpdateServiceSettingCommand({ SettingId: '/ssm/documents/console/public-sharing-permission', SettingValue }),
    )
  await set('Disable')
  await assert.rejects(share(['all']), { name: 'DocumentPermissionLimit' })
  await share(['111122223333'])
  await ssm.send(
    new ModifyDocumentPermissionCommand({
      Name: 'mine',
      PermissionType: 'Share',
      AccountIdsToRemove: ['111122223333'],
    }),
  )
  await set('Enable')
  await share(['all'])
})

test('HYB-11 the tier of nodes is read, changed and put back, and everything works in both', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const tier = async () => {
    const { ServiceSetting } = await ssm.send(new GetServiceSettingCommand({ SettingId: ACTIVATION_TIER }))
    return `${ServiceSetting!.SettingValue} ${ServiceSetting!.Status}`
  }
  const set = (SettingValue: string) =>
    ssm.send(new UpdateServiceSettingCommand({ SettingId: ACTIVATION_TIER, SettingValue }))
  const node = await server.fakeNode()
  node.autoRun()
  const run = new RunCommand(server)
  const use = async () => {
    const { CommandId } = await run.send({ InstanceIds: [node.id] })
    await run.untilCommand(CommandId, 'Success/Success')
    // At AWS only nodes of the advanced tier have sessions.
    assert.ok((await ssm.send(new StartSessionCommand({ Target: node.id }))).SessionId)
    assert.equal((await new FakeNode(server).register(await activate(server))).status, 200)
  }
  assert.equal(await tier(), 'standard Default')
  await use()
  await set('advanced')
  assert.equal(await tier(), 'advanced Customized')
  await use()
  await assert.rejects(set('premium'), { name: 'ValidationException' })
  await ssm.send(new ResetServiceSettingCommand({ SettingId: ACTIVATION_TIER }))
  assert.equal(await tier(), 'standard Default')
})

test('HYB-12 the role of default host management is kept, and takes leave to hand it over; no machine registers with it', async () => {
  await using server = await startServer()
  const root = server.client(SSMClient)
  const set = (SettingValue: string, ssm = root) =>
    ssm.send(new UpdateServiceSettingCommand({ SettingId: DEFAULT_ROLE, SettingValue }))
  const role = async () =>
    (await root.send(new GetServiceSettingCommand({ SettingId: DEFAULT_ROLE }))).ServiceSetting?.SettingValue
  assert.equal(await role(), '$None')
  await set('service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole')
  assert.equal(await role(), 'service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole')
  for (const bad of ['a role', 'x'.repeat(65), 'arn:aws:iam::000000000000:role/x', 'path/'])
    await assert.rejects(set(bad), { name: 'ValidationException' })

  const ann = server.client(SSMClient, { credentials: await aUser(server, 'ann') })
  const setting = {
    Effect: 'Allow',
    Action: 'ssm:UpdateServiceSetting',
    Resource: `arn:aws:ssm:*:*:servicesetting${DEFAULT_ROLE}`,
  }
  const handOver = { Effect: 'Allow', Action: 'iam:PassRole', Resource: 'arn:aws:iam::000000000000:role/Hosts' }
  await allowUser(server, 'ann', [setting])
  await assert.rejects(set('Hosts', ann), /iam:PassRole on resource: arn:aws:iam::000000000000:role\/Hosts/)
  await allowUser(server, 'ann', [setting, handOver])
  await set('Hosts', ann)
  assert.equal(await role(), 'Hosts')
  await set('$None', ann)

  await set('Hosts')
  const machine = await new FakeNode(server).register(
    { id: '', code: '' },
    { ActivationId: undefined, ActivationCode: undefined },
  )
  assert.equal(machine.code, 'InvalidActivation')
})
