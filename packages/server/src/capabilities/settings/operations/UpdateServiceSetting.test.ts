import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateDocumentCommand,
  GetServiceSettingCommand,
  ModifyDocumentPermissionCommand,
  PutParameterCommand,
  ResetServiceSettingCommand,
  SSMClient,
  UpdateServiceSettingCommand,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'

const TIER = '/ssm/parameter-store/default-parameter-tier'

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
