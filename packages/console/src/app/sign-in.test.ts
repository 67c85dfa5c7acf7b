import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeNumberAt, codeOf } from '@steward/server/capabilities/iam/totp.ts'
import { aDevice, aPerson, type Credentials, PASSWORD } from '@steward/server/capabilities/sign-in/testing/people.ts'
import { aUser } from '@steward/server/iam/testing/a-user.ts'
import type { Page } from 'playwright-core'
import { Console } from '#testing/console.ts'

const MINUTE_MS = 60_000

async function enterPassword(page: Page, password = PASSWORD): Promise<void> {
  await page.getByLabel('User name').fill('ann')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** What this tab signs its requests with. */
async function credentialsOf(page: Page): Promise<Credentials> {
  return JSON.parse((await page.evaluate(`sessionStorage.getItem('steward.sign-in')`)) as string).credentials
}

const signedIn = (page: Page) => page.locator('#top-bar').waitFor()
const signedOut = (page: Page) => page.getByRole('heading', { name: 'Sign in to Steward' }).waitFor()

test('a user signs in with the keyboard, and goes on at the page that was asked for', async () => {
  await using console = await Console.open()
  const { page, server } = console
  await aPerson(server, 'ann')
  await page.goto(`${server.url}/console/nodes?f=web`)
  await signedOut(page)
  await page.keyboard.type('ann')
  await page.keyboard.press('Tab')
  await page.keyboard.type('wrong')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').filter({ hasText: 'is not right' }).waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('sign-in-refused')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.keyboard.press('Enter')
  await signedIn(page)
  assert.equal(page.url(), `${server.url}/console/nodes?f=web`)
  await page.getByRole('button', { name: 'ann' }).waitFor()
})

test('whoever has a device is asked for its code, and whoever must have a new password for that', async () => {
  await using console = await Console.open()
  const { page, server } = console
  await aPerson(server, 'ann', { PasswordResetRequired: true })
  const number = () => codeNumberAt(server.house.clock.now())
  const seed = await aDevice(server, 'ann', (secret) => [codeOf(secret, number() - 1), codeOf(secret, number())])
  await server.advance(2 * MINUTE_MS)
  await page.goto(`${server.url}/console/`)
  await enterPassword(page)
  await page.getByLabel('New password').fill('short')
  await page.keyboard.press('Enter')
  await page
    .getByRole('alert')
    .filter({ hasText: /password/i })
    .waitFor()
  await page.getByLabel('New password').fill('Another horse 2')
  await page.keyboard.press('Enter')
  await page.getByLabel('Code of your authenticator').fill(codeOf(seed, number()))
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'ann' }).waitFor()
})

test('a link signs in once, also when it is pasted where somebody was about to sign in', async () => {
  await using console = await Console.open()
  const { page, server, context } = console
  const { Url } = (await console.call('CreateSignInLink', {})) as { Url: string }
  await page.goto(`${server.url}/console/`)
  await signedOut(page)
  await page.goto(Url)
  await signedIn(page)
  assert.doesNotMatch(page.url(), /one-time/)

  const other = await context.browser()!.newPage()
  await other.goto(Url)
  await other.getByText('This link does not work any more').waitFor()
  await signedOut(other)
})

test('a link that is opened where somebody is signed in leaves the address, and is used if they say so', async () => {
  await using console = await Console.signedIn('/')
  const { page, server, context } = console
  const Action = 'steward:CreateSignInLink'
  const ann = await aUser(server, 'ann', { statements: [{ Effect: 'Allow', Action, Resource: '*' }] })
  const { Url } = (await console.call('CreateSignInLink', {}, ann)) as { Url: string }
  const other = await context.newPage()
  await other.goto(Url)
  await other.getByText('You are signed in already, as root.').waitFor()
  assert.doesNotMatch(other.url(), /one-time/)
  await other.getByRole('button', { name: 'Use the link' }).click()
  await other.getByRole('button', { name: 'ann' }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'root' }).count(), 1)

  await page.goto(Url)
  await page.getByRole('button', { name: 'Use the link' }).click()
  await page.getByText('This link does not work any more').waitFor()
  assert.equal(await page.getByRole('button', { name: 'root' }).count(), 1)
})

test('tabs share a sign-in and its end, which the server knows of; nothing of it outlives them', async () => {
  await using console = await Console.signedIn('/')
  const { page, server, context } = console
  const other = await context.newPage()
  await other.goto(`${server.url}/console/nodes`)
  await signedIn(other)

  const credentials = await credentialsOf(page)
  await page.getByRole('button', { name: 'root' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await Promise.all([page, other].map(signedOut))
  await assert.rejects(console.call('GetFleetSummary', {}, credentials), /ExpiredToken/)
  for (const tab of [page, other]) assert.equal(await tab.evaluate('sessionStorage.length'), 0)
  const kept = (await page.evaluate('JSON.stringify(localStorage)')) as string
  assert.doesNotMatch(kept, new RegExp(`${credentials.accessKeyId}|secret|token`, 'i'))

  await console.signIn('/')
  await signedIn(other)
})

test('who does something stays signed in, in every tab; who does not is signed out, where they were', async () => {
  await using console = await Console.open()
  const { page, server, context } = console
  await context.clock.install()
  await console.signIn('/nodes?sort=-Name')
  const other = await context.newPage()
  await other.goto(`${server.url}/console/nodes`)
  await signedIn(other)
  const passes = async (minutes: number) => {
    await context.clock.fastForward(minutes * MINUTE_MS)
    await server.advance(minutes * MINUTE_MS)
  }

  const first = await credentialsOf(page)
  await passes(20)
  await page.keyboard.press('Shift')
  await context.clock.runFor(15_000)
  await page.waitForFunction((key) => !sessionStorage.getItem('steward.sign-in')?.includes(key), first.accessKeyId)
  await passes(15)
  await Promise.all([page, other].map(signedIn))

  await passes(31)
  await context.clock.runFor(15_000)
  for (const tab of [page, other]) await tab.getByText('Your sign-in ended').waitFor()
  assert.equal(page.url(), `${server.url}/console/nodes?sort=-Name`)
  await console.shot('sign-in-expired')
})

test('what is typed is kept while the server is away, and the page says so', async () => {
  await using console = await Console.open()
  const { page, server, context } = console
  await page.goto(`${server.url}/console/`)
  await context.setOffline(true)
  await enterPassword(page)
  await page.getByText('Steward does not answer').waitFor()
  assert.equal(await page.getByLabel('User name').inputValue(), 'ann')
  await context.setOffline(false)
  await aPerson(server, 'ann')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await signedIn(page)
})
