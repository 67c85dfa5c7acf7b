/** What holds for each page of the console, with words on it that would do harm. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { Console } from '#testing/console.ts'
import { fill } from '#testing/seeded.ts'
import { whenQuiet } from '#testing/when-quiet.ts'

const PHONE = { width: 360, height: 740 }
const DESK = { width: 1280, height: 900 }

test('CON-09 every page is accessible, fits a phone, runs nothing that others wrote and asks nobody else', async (t) => {
  await using console = await Console.open({ https: true })
  const { page, server, context } = console
  const pages = await fill(server)
  const elsewhere: string[] = []
  context.on('request', (request) => {
    if (!request.url().startsWith(server.url)) elsewhere.push(request.url())
  })
  await console.signIn('/')
  for (const { name, path } of pages) {
    await t.test(name, async () => {
      await page.setViewportSize(DESK)
      await console.go(path)
      await whenQuiet(page)
      assert.equal(await page.locator('h1:visible').count(), 1, 'it has one heading')
      assert.match(await page.title(), /\S · Steward$/)
      await page.emulateMedia({ colorScheme: 'dark' })
      assert.deepEqual(await console.accessibilityFaults(), [], 'dark')
      await page.emulateMedia({ colorScheme: 'light' })
      assert.deepEqual(await console.accessibilityFaults(), [], 'light')
      assert.deepEqual(await unsafe(page), [])
      await console.shot(`all-${name}`)

      await page.setViewportSize(PHONE)
      await whenQuiet(page)
      await console.shot(`all-${name}-phone`)
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), PHONE.width, 'nothing stands out')
    })
  }
  assert.deepEqual(elsewhere, [])
  assert.doesNotMatch(String(await page.evaluate('JSON.stringify(localStorage)')), /ASIA|secret|token/i)
})

/** What of hostile words became more than text. */
async function unsafe(page: Page): Promise<unknown[]> {
  const code = await page.locator('.cm-content').allTextContents()
  const rest = (await page.evaluate(`[
    ...(window.harmed ? ['a script ran'] : []),
    ...[...document.querySelectorAll('img[src="x"], script:not([src])')].map((element) => element.outerHTML),
    ...(document.body.innerText.includes('\\u001b') ? ['what steers terminals is left in an output'] : []),
  ]`)) as string[]
  return [...rest, ...code.filter((text) => text.includes('\u202e'))]
}
