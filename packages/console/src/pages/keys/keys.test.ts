import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListGrantsCommand,
} from '@aws-sdk/client-kms'
import { Console } from '#testing/console.ts'

test('CON-08 a key is made, named, rotated, disabled, and its deletion scheduled and cancelled', async () => {
  await using console = await Console.signedIn('/keys')
  const { page, server } = console
  const kms = server.client(KMSClient)
  const KeyId = 'alias/shop'
  const state = async () => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState
  const act = async (name: string, confirm = name) => {
    await page.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name }).click()
    await page.getByRole('dialog').getByRole('button', { name: confirm, exact: true }).click()
  }
  await page.getByRole('link', { name: 'Create key' }).first().click()
  await page.getByLabel('Alias').fill('shop')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByText('The key is created.').waitFor()
  assert.equal(await state(), 'Enabled')

  await page.getByRole('tab', { name: 'Rotation' }).click()
  await page.getByRole('button', { name: 'Change rotation' }).click()
  await page.getByRole('dialog').getByText('Automatic rotation').click()
  await page.getByLabel('Days between rotations').fill('90')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Every 90 days').waitFor()
  const rotation = await kms.send(new GetKeyRotationStatusCommand({ KeyId: await idOf(kms, KeyId) }))
  assert.equal(rotation.RotationPeriodInDays, 90)
  await page.getByRole('button', { name: 'Rotate now' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate now' }).click()
  await page.getByText('On demand').waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('keys-rotation')

  await act('Disable')
  await page.getByText('Disabled', { exact: true }).waitFor()
  await act('Enable')
  await page.getByText('Enabled', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Schedule deletion' }).click()
  await page.getByLabel('Days to wait').fill('7')
  await page.getByLabel('To confirm, type delete').fill('delete')
  await page.getByRole('dialog').getByRole('button', { name: 'Schedule deletion' }).click()
  await page.getByText('This key is about to be deleted').waitFor()
  assert.equal(await state(), 'PendingDeletion')
  await act('Cancel deletion')
  await page.getByText('The key stays. It is disabled.').waitFor()
  assert.equal(await state(), 'Disabled')
})

test('CON-08 a key policy is changed after a look at what differs; grants are made, retired and revoked', async () => {
  await using console = await Console.open()
  const { page, server } = console
  const kms = server.client(KMSClient)
  const KeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata!.KeyId!
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/shop', TargetKeyId: KeyId }))
  const GranteePrincipal = 'arn:aws:iam::000000000000:root'
  await kms.send(new CreateGrantCommand({ KeyId, GranteePrincipal, Operations: ['Decrypt'] }))
  await console.signIn('/keys')
  await page.getByRole('link', { name: 'alias/shop' }).click()
  await page.getByRole('button', { name: 'Edit policy' }).click()
  await page.getByRole('textbox', { name: 'Key policy' }).click()
  await page.keyboard.press('ControlOrMeta+a')
  const policy = (await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy!
  await page.keyboard.insertText(policy.replace('key-default-1', 'changed-here'))
  await page.getByRole('button', { name: 'Review the change' }).click()
  await page.getByRole('dialog').getByText('changed-here').first().waitFor()
  await console.shot('keys-policy')
  await page.getByRole('button', { name: 'Save policy' }).click()
  await page.getByText('The key policy is saved.').waitFor()
  assert.match((await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy!, /changed-here/)
  await page.getByRole('tab', { name: 'Grants' }).click()
  await page.getByRole('button', { name: 'Create grant' }).click()
  await page.getByLabel('Who may use the key').fill('arn:aws:iam::000000000000:root')
  await page.getByText('Choose operations').click()
  await page.getByRole('option', { name: 'Decrypt' }).click()
  await page.getByRole('option', { name: 'RetireGrant' }).click()
  await page.keyboard.press('Escape')
  await page.getByText('With these words').click()
  await page.getByRole('textbox', { name: 'Word' }).fill('purpose')
  await page.getByRole('textbox', { name: 'Value' }).fill('backup')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('keys-create-grant')
  await page.getByRole('dialog').getByRole('button', { name: 'Create grant' }).click()
  await page.getByText('purpose=backup').waitFor()
  const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId }))
  const made = Grants.find(({ Constraints }) => Constraints?.EncryptionContextSubset?.purpose === 'backup')
  assert.deepEqual(made?.Operations, ['Decrypt', 'RetireGrant'])
  await page.getByRole('checkbox', { name: `Select ${made.GrantId}` }).check()
  await page.getByRole('button', { name: 'Retire' }).click()
  await console.shot('keys-grants')
  await page.getByRole('dialog').getByRole('button', { name: 'Retire' }).click()
  await page.getByText('The grant is retired.').waitFor()
  await page.getByRole('checkbox', { name: /^Select [0-9a-f]{64}$/ }).check()
  await page.getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('No grants').waitFor()

  await console.signOut()
  await console.signInLimited('/keys', 'kms:ListKeys')
  await page.getByText('Not known').first().waitFor()
  await page.getByRole('link', { name: 'No alias' }).click()
  await page.getByText('kms:DescribeKey').first().waitFor()
  await console.shot('keys-forbidden')
})

async function idOf(kms: KMSClient, alias: string): Promise<string> {
  return (await kms.send(new DescribeKeyCommand({ KeyId: alias }))).KeyMetadata!.KeyId!
}
