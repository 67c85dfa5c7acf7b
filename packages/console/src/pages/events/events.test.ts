import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { ALLOW_LOOPBACK, startReceiver } from '@steward/server/capabilities/events/testing/receiver.ts'
import { webhookRule } from '@steward/server/capabilities/events/testing/webhook-rule.ts'
import { Console } from '#testing/console.ts'

test('EVT-06a CON-08 a rule is made with a webhook, tells it, and shows how that went', async () => {
  await using receiver = await startReceiver()
  await using ui = await Console.signedIn('/events', { env: ALLOW_LOOPBACK })
  const { page, server } = ui
  await page.getByText('No rules yet').waitFor()
  await ui.shot('events-empty')
  await page.getByRole('link', { name: 'Create rule' }).first().click()
  await page.getByLabel('Name').fill('chat')
  await page.getByRole('button', { name: 'Begin with' }).click()
  await page.getByRole('option', { name: 'Events of your own' }).click()
  await page.getByRole('button', { name: 'Try it on an event' }).click()
  await page.getByRole('button', { name: 'Try', exact: true }).click()
  await page.getByText('This event does not match.').waitFor()
  await page.getByRole('button', { name: 'Add a target' }).click()
  await page.getByRole('button', { name: 'New webhook' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('hook')
  await dialog.getByLabel('Address').fill(receiver.url)
  await dialog.getByLabel('Key', { exact: true }).fill('s3cret')
  await dialog.getByLabel('Key', { exact: true }).press('Enter')
  await page.getByText('Webhook hook is created.').waitFor()
  await page.getByRole('heading', { name: 'Create rule' }).waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('events-create')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await page.getByRole('heading', { name: 'Last matches' }).waitFor()

  const Entries = [{ Source: 'com.example.app', DetailType: 'Deployed', Detail: '{"version":"<b>2</b>"}' }]
  await server.client(EventBridgeClient).send(new PutEventsCommand({ Entries }))
  await page.getByText('hook: Delivered, 1 attempt').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('events-rule')
  await page.getByRole('button', { name: 'Turn off' }).click()
  await page.getByText('Rule chat is off.').waitFor()
  await page.getByRole('button', { name: 'Turn on' }).waitFor()
  await page.getByRole('link', { name: 'Edit', exact: true }).click()
  await page.getByLabel('Description').fill('Tells the chat')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Tells the chat').waitFor()
  await page.getByText('Off', { exact: true }).waitFor()

  await ui.go('/events')
  await page.getByRole('link', { name: 'chat', exact: true }).waitFor()
  await page.getByText('1 delivered').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('events')
  await page.getByRole('link', { name: 'chat', exact: true }).click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('No rules yet').waitFor()
})

test('EVT-04 what was given up is seen, tried again and forgotten', async () => {
  await using receiver = await startReceiver()
  await using ui = await Console.signedIn('/events?tab=dead', { env: ALLOW_LOOPBACK })
  const { page, server } = ui
  const events = server.client(EventBridgeClient)
  await webhookRule(
    events,
    'chat',
    `${receiver.url}/nobody`,
    { source: ['me'] },
    { RetryPolicy: { MaximumRetryAttempts: 0 } },
  )
  receiver.answer = () => 404
  await page.getByText('Nothing was given up').waitFor()
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'me', DetailType: 'd', Detail: '{}' }] }))
  await page.getByText(/404/).first().waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('events-dead')
})

test('CON-08 who may not list rules is told what is missing', async () => {
  await using ui = await Console.open()
  await ui.signInLimited('/events')
  await ui.page.getByText(/events:ListRules/).waitFor()
  await ui.shot('events-forbidden')
})
