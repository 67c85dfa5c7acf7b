/** The console while its server dies and comes back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConsolePage } from './console-page.ts'
import { Installation } from './installation.ts'
import { signInLink } from './sign-in-link.ts'

test('a page says when its server is away, keeps what it shows, and goes on by itself', async () => {
  await using steward = await Installation.start()
  const first = await steward.addAgent()
  await using ui = await ConsolePage.open(steward.url)
  const { page } = ui
  await page.goto(await signInLink(steward, '/nodes'))
  const row = (id: string) => page.getByRole('row', { name: new RegExp(id) })
  await row(first.id).waitFor()
  const offline = page.getByRole('button', { name: 'Offline' })

  await steward.killServer()
  await offline.waitFor()
  assert.ok(await row(first.id).isVisible(), 'what was there is still there')
  await page.getByRole('navigation').getByRole('link', { name: 'Audit', exact: true }).click()
  await page.getByText('Steward does not answer').waitFor()
  await ui.shot('server-away')
  await page.goBack()

  await steward.startServer()
  await offline.waitFor({ state: 'detached' })
  const second = await steward.addAgent()
  await second.start()
  await row(second.id).getByText('Online').waitFor()
  await page.goForward()
  await page.getByRole('link', { name: 'ConsoleLogin' }).first().waitFor()
  assert.deepEqual(ui.faults, [])
})
