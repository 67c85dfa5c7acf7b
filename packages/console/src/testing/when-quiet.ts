import type { Page } from 'playwright-core'

/** Resolves once the page has its heading, nothing on it is being loaded, and it has not changed for a moment. */
export async function whenQuiet(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve, reject) => {
    const began = performance.now()
    let last, since
    const look = () => {
      const now = performance.now()
      const content = document.querySelector('#content')
      const text = content?.innerText
      const busy = !content?.querySelector('h1') || /^\\s*Loading$/m.test(text) || document.querySelector('[class*="awsui_spinner"]')
      if (busy || text !== last) since = now
      last = text
      if (now - since > 150) resolve()
      else if (now - began > 10_000) reject(new Error('The page does not come to rest: ' + text?.slice(0, 200)))
      else requestAnimationFrame(look)
    }
    look()
  })`)
}
