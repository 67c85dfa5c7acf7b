/** What somebody sees who may do nothing but sign in. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPerson, PASSWORD } from '@steward/server/capabilities/sign-in/testing/people.ts'
import { eventually } from '@steward/testkit'
import { Console } from '#testing/console.ts'
import { fill, SECRET } from '#testing/seeded.ts'
import { whenQuiet } from '#testing/when-quiet.ts'

/** Pages that show nothing before something is asked. */
const ASK_FIRST = new Set([
  'access-create-role',
  'access-simulator',
  'audit-verify',
  'commands-run',
  'documents-new',
  'events-create',
  'keys-new',
  'nodes-add',
  'parameter-secret',
  'parameters-new',
  'parameters-secrets',
])

const WHY = /You may not|not authorized|AccessDenied/

test('X-12 every page says what is missing to whom it is refused, and nothing else', async (t) => {
  await using console = await Console.open({ https: true })
  const { page, server } = console
  const pages = await fill(server)
  await aPerson(server, 'stranger')
  await page.goto(`${server.url}/console/`)
  await page.getByLabel('User name').fill('stranger')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Not live' }).waitFor()
  for (const { name, path } of pages) {
    await t.test(name, async () => {
      await console.go(path)
      if (!ASK_FIRST.has(name)) await eventually(async () => WHY.test((await page.locator('body').textContent()) ?? ''))
      await whenQuiet(page)
      const text = await page.locator('body').textContent()
      assert.doesNotMatch(text!, new RegExp(SECRET), 'it tells nothing')
      assert.doesNotMatch(text!, /undefined|NaN|\[object|This page stopped working/)
      if (!ASK_FIRST.has(name)) assert.match(text!, WHY, 'it says why')
      await console.shot(`refused-${name}`)
    })
  }
})
