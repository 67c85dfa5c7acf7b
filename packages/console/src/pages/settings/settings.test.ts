import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetServiceSettingCommand, ListAssociationsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { Console } from '#testing/console.ts'
import { concerns } from './concerns.ts'

test('X-22 X-28 CON-08 how the server is doing, what it does by itself, and what an account may choose', async () => {
  await using ui = await Console.signedIn('/settings', {
    https: true,
    env: {
      STEWARD_OIDC_ISSUER: 'https://login.example.com',
      STEWARD_OIDC_NAME: 'Example staff',
      STEWARD_OIDC_CLIENT_ID: 'app',
      STEWARD_OIDC_ROLE: 'Operator',
    },
  })
  const { page, server } = ui
  await page.getByText('Needs attention').waitFor()
  await page.getByText('STEWARD_AUDIT_RETENTION_DAYS').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('settings')

  await page.getByRole('tab', { name: 'Background work' }).click()
  await page.getByText('commands.dispatch').waitFor()
  assert.match(page.url(), /tab=work/)
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('settings-work')

  await page.getByRole('tab', { name: 'Systems Manager' }).click()
  await page
    .getByRole('row', { name: /High throughput/ })
    .getByRole('radio')
    .check({ force: true })
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Value' }).click()
  await page.getByRole('option', { name: 'true' }).click()
  await ui.shot('settings-change')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('“High throughput for parameters” is changed.').waitFor()
  const id = '/ssm/parameter-store/high-throughput-enabled'
  const { ServiceSetting } = await server.client(SSMClient).send(new GetServiceSettingCommand({ SettingId: id }))
  assert.equal(ServiceSetting?.SettingValue, 'true')
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('settings-service')

  await page.getByRole('tab', { name: 'Master keys' }).click()
  await page.getByRole('button', { name: 'Rotate' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click()
  await page.getByText('Former', { exact: true }).waitFor()
  await ui.shot('settings-keys')

  await page.getByRole('tab', { name: 'Connect' }).click()
  await page.getByText('eval "$(npx steward env)"').waitFor()
  await page.getByText('STEWARD_OIDC_ISSUER_2=').waitFor()
  await page.getByText('Example staff').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('settings-connect')
})

test('AGT-15 FM-12 the updates of all agents are turned on and off', async () => {
  await using ui = await Console.signedIn('/settings?tab=service')
  const { page, server } = ui
  const names = async () => {
    const { Associations = [] } = await server.client(SSMClient).send(new ListAssociationsCommand({}))
    return Associations.map(({ AssociationName }) => AssociationName)
  }
  const turn = async (act: string, done: string) => {
    await page.getByRole('button', { name: act }).click()
    await page.getByRole('dialog').getByRole('button', { name: act }).click()
    await page.getByText(done).waitFor()
  }
  await turn('Turn on', 'Agents are updated by themselves.')
  await page.getByText('On, every 14 days').waitFor()
  assert.deepEqual(await names(), ['SystemAssociationForSsmAgentUpdates'])
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('settings-agents')
  await turn('Turn off', 'Agents are not updated by themselves any more.')
  await page.getByText('Off', { exact: true }).waitFor()
  assert.deepEqual(await names(), [])
})

test('CON-08 who may not see how the server is doing is told so, and may still connect', async () => {
  await using ui = await Console.open()
  await ui.signInLimited('/settings')
  await ui.page.getByText(/steward:GetServerStatus/).waitFor()
  await ui.shot('settings-forbidden')
  await ui.page.getByRole('tab', { name: 'Connect' }).click()
  await ui.page.getByText('Trust this installation').waitFor()
})

test('X-28 what needs attention is said, and nothing else', () => {
  const day = 86_400
  const fine = {
    Database: { WriteMilliseconds: 2 },
    DataDirectory: { FreeBytes: 50, TotalBytes: 100 },
    Listeners: [{ Certificate: { NotAfter: 100 * day } }],
    Tasks: [{ Name: 'a.task' }],
  }
  assert.deepEqual(concerns(fine, 0), [])
  const poor = {
    Database: { WriteMilliseconds: 900 },
    DataDirectory: { FreeBytes: 5e9, TotalBytes: 1e12 },
    Listeners: [{ Certificate: { NotAfter: 3 * day } }],
    Tasks: [{ Name: 'a.task', LastError: 'no' }],
  }
  assert.deepEqual(concerns(poor, 0), [
    'A write takes 900 ms. Look at the disk under the data directory, or at the database server.',
    'Only 5.0 GB are free in the data directory.',
    'The certificate of the TLS listener expires in 3 days. It is made anew at each start of the server.',
    'Background work a.task failed at its last run.',
  ])
})
