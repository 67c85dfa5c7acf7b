import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchChromium } from '@steward/testkit/chromium.ts'
import type { Browser, Locator, Page } from 'playwright-core'

const BUILD = fileURLToPath(new URL('../packages/console/build.mjs', import.meta.url))
const SCREENSHOTS = fileURLToPath(new URL('../packages/console/screenshots', import.meta.url))
/** The most steps of the Tab key from one thing to another on the same page. */
const TABS = 80

/** Builds the console, as `npm start` does before the server starts. */
export function buildConsole(): void {
  execFileSync(process.execPath, [BUILD], { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** A browser for the console of a server that is a process of its own. */
export class ConsolePage implements AsyncDisposable {
  readonly page: Page
  /** What the page logged as an error, and every request to another server. */
  readonly faults: string[] = []
  readonly #browser: Browser

  private constructor(browser: Browser, page: Page, url: string) {
    this.#browser = browser
    this.page = page
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => this.faults.push(String(error)))
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) this.faults.push(`asks ${request.url()}`)
    })
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        this.faults.push(message.text())
    })
  }

  static async open(url: string): Promise<ConsolePage> {
    const browser = await launchChromium()
    const viewport = { width: 1280, height: 900 }
    const page = await browser.newPage({ viewport, reducedMotion: 'reduce', locale: 'en-GB' })
    return new ConsolePage(browser, page, url)
  }

  async heading(name: string | RegExp): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name }).waitFor()
  }

  /** Presses Tab until the keyboard is on the target. */
  async tabTo(target: Locator): Promise<void> {
    await target.first().waitFor()
    for (let pressed = 0; pressed < TABS; pressed++) {
      if (await this.#isOn(target)) return
      await this.page.keyboard.press('Tab')
    }
    throw new Error(`The Tab key does not lead to ${target}`)
  }

  /** Presses keys of arrows, one after the other, until the keyboard is on the target. */
  async arrowTo(target: Locator, ...keys: readonly string[]): Promise<void> {
    await target.first().waitFor()
    for (const key of keys) {
      if (await this.#isOn(target)) return
      await this.page.keyboard.press(key)
    }
    if (!(await this.#isOn(target))) throw new Error(`The arrows do not lead to ${target}`)
  }

  async #isOn(target: Locator): Promise<boolean> {
    return (await target.and(this.page.locator(':focus')).count()) > 0
  }

  async shot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true })
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: 'disabled' })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shot('last').catch(() => {})
    await this.#browser.close()
  }
}
