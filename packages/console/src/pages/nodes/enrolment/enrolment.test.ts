import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeNode } from '@steward/server/capabilities/nodes/testing/fake-node.ts'
import { eventually } from '@steward/testkit'
import type { Locator } from 'playwright-core'
import { Console } from '#testing/console.ts'

async function aKey(ui: Console, more: object = {}): Promise<{ id: string; code: string }> {
  const made = await ui.call('CreateEnrolmentKey', { IamRole: 'ServiceRole', NeedsApproval: true, ...more })
  const { ActivationId, ActivationCode } = made as { ActivationId: string; ActivationCode: string }
  return { id: ActivationId, code: ActivationCode }
}

const pick = (row: Locator) => row.getByRole('checkbox').check({ force: true })

test('HYB-14 machines that wait are let in or kept out, and a key is revoked', async () => {
  await using ui = await Console.signedIn('/nodes/activations')
  const { server, page } = ui
  await page.getByRole('link', { name: 'Enrolment keys' }).click()
  await page.getByText('No machine waits').waitFor()
  await page.getByText('No enrolment keys').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('enrolment-empty')

  const key = await aKey(ui, { Description: 'Lab', SourceRanges: ['127.0.0.0/8'], HostNamePattern: '*-?' })
  const [web, db] = [new FakeNode(server), new FakeNode(server)]
  await web.register(key, { ComputerName: 'web-1' })
  await db.register(key, { ComputerName: 'db-1' })
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  await row('web-1').getByText('127.0.0.1').waitFor()
  await row('db-1').getByText('Waiting').waitFor()
  await row('Lab').getByText('from 127.0.0.0/8; named *-?; after approval').waitFor()
  await row('Lab').getByText('Never').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('enrolment')

  await pick(row('web-1'))
  await page.getByRole('button', { name: 'Approve' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('web-1, 127.0.0.1').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('enrolment-approve')
  await dialog.getByRole('button', { name: 'Approve' }).click()
  await page.getByText('Approved 1 machine.').waitFor()
  await row('web-1').getByText('Approved').waitFor()
  assert.equal((await web.register(key, { ComputerName: 'web-1' })).status, 200)
  await row('web-1').waitFor({ state: 'detached' })
  await row('Lab').getByText('1 of 1,000').waitFor()

  await pick(row('db-1'))
  await page.getByRole('button', { name: 'Refuse' }).click()
  await dialog.getByRole('button', { name: 'Refuse' }).click()
  await row('db-1').getByText('Refused').waitFor()
  assert.match((await db.register(key, { ComputerName: 'db-1' })).message!, /An administrator refused it/)

  await pick(row('Lab'))
  await page.getByRole('button', { name: 'Revoke' }).click()
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('Revoked 1 enrolment key.').waitFor()
  await page.getByText('No enrolment keys').waitFor()
  await page.getByText('No machine waits').waitFor()
})

test('HYB-14 what fails or is refused is said, and what can be read stays', async () => {
  await using ui = await Console.open()
  const { page } = ui
  const key = await aKey(ui, { Description: 'Lab' })
  await new FakeNode(ui.server).register(key)
  let fails = true
  await page.route('**/*', (route) => {
    const isRequests = route.request().headers()['x-amz-target'] === 'Steward.ListEnrolmentRequests'
    const json = { __type: 'InternalServerError', message: 'The server could not answer.' }
    return isRequests && fails ? route.fulfill({ status: 500, json }) : route.fallback()
  })
  await ui.signIn('/nodes/enrolment')
  await page.getByText('The server could not answer.').first().waitFor()
  await page.getByText('Lab').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('enrolment-failed')
  fails = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('(not told)').waitFor()
  await ui.signOut()

  await ui.signInLimited('/nodes/enrolment', 'ssm:DescribeActivations')
  await pick(page.getByRole('row').filter({ hasText: '(not told)' }))
  await page.getByRole('button', { name: 'Approve' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  await page.getByRole('dialog').getByText('steward:DecideEnrolmentRequest').first().waitFor()
  await ui.shot('enrolment-not-allowed')
  await page.keyboard.press('Escape')
  await ui.signOut()

  await ui.signInLimited('/nodes/enrolment')
  await eventually(async () => (await page.getByText('You may not see this.').count()) === 2)
})
