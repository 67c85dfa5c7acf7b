import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { steward } from '@steward/model'
import { jsonCall } from '@steward/server/door/testing/raw-call.ts'
import { aUser } from '@steward/server/iam/testing/a-user.ts'
import { startServer, type TestServer, type TestServerOptions } from '@steward/testkit'
import { launchChromium } from '@steward/testkit/chromium.ts'
import axe, { type AxeResults } from 'axe-core'
import type { BrowserContext, Page } from 'playwright-core'

const BUILD = join(import.meta.dirname, '../../build.mjs')
const SCREENSHOTS = join(import.meta.dirname, '../../screenshots')

export interface ConsoleOptions extends TestServerOptions {
  /** In pixels. Default 1280 × 900. */
  readonly size?: { readonly width: number; readonly height: number }
  readonly dark?: boolean
}

interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/**
 * The console in a real browser against a real server of its own. What the page logs as an error, and what its policy stops, fails
 * the test when the console is closed.
 */
export class Console implements AsyncDisposable {
  readonly server: TestServer
  readonly page: Page
  readonly context: BrowserContext
  readonly #opened: AsyncDisposableStack
  readonly #faults: string[] = []
  #users = 0

  private constructor(server: TestServer, context: BrowserContext, page: Page, opened: AsyncDisposableStack) {
    this.server = server
    this.context = context
    this.page = page
    this.#opened = opened
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => this.#faults.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        this.#faults.push(message.text())
    })
  }

  /** A browser at the page to sign in. */
  static async open({ size, dark, ...options }: ConsoleOptions = {}): Promise<Console> {
    execFileSync(process.execPath, [BUILD], { stdio: ['ignore', 'ignore', 'inherit'] })
    await using opened = new AsyncDisposableStack()
    const server = opened.use(await startServer(options))
    const browser = await launchChromium()
    opened.defer(() => browser.close())
    const context = await browser.newContext({
      viewport: size ?? { width: 1280, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      timezoneId: 'Europe/Berlin',
      locale: 'en-GB',
    })
    return new Console(server, context, await context.newPage(), opened.move())
  }

  /** A browser in which root, or whom `key` belongs to, is signed in and looks at the page of that path, as `/nodes`. */
  static async signedIn(path = '/', options: ConsoleOptions = {}): Promise<Console> {
    await using opened = new AsyncDisposableStack()
    const console = opened.use(await Console.open(options))
    await console.signIn(path)
    opened.move()
    return console
  }

  async signIn(path = '/', key?: Key): Promise<void> {
    const { Url } = (await this.call('CreateSignInLink', {}, key)) as { Url: string }
    const link = new URL(Url)
    await this.page.goto(`${this.server.url}/console${path}${link.hash}`)
    await this.page.locator('#top-bar').waitFor()
  }

  /** The same as a user of its own, who may do what the actions say, besides signing in and listening to changes. */
  async signInLimited(path: string, ...actions: readonly string[]): Promise<void> {
    const Action = ['steward:CreateSignInLink', 'steward:StreamEvents', ...actions]
    this.#users += 1
    const user = await aUser(this.server, `ann-${this.#users}`, {
      statements: [{ Effect: 'Allow', Action, Resource: '*' }],
    })
    await this.signIn(path, user)
  }

  async signOut(): Promise<void> {
    await this.page.locator('#top-bar').getByRole('button').last().click()
    await this.page.getByRole('menuitem', { name: 'Sign out' }).click()
    await this.page.getByLabel('User name').waitFor()
  }

  /** Goes to another page of the console without loading it anew. */
  async go(path: string): Promise<void> {
    await this.page.evaluate(`history.pushState(null, '', ${JSON.stringify(`/console${path}`)})`)
  }

  /** An operation that AWS does not have, signed by root or by `key`. */
  async call<O extends keyof steward.Operations>(operation: O, input: object, key?: Key): Promise<object> {
    const more = { service: 'steward', ...(key && { credentials: key }) }
    const { status, text, json } = await jsonCall(this.server, `Steward.${operation}`, input, more)
    if (status !== 200) throw new Error(`${operation}: ${text}`)
    return json
  }

  /** What an accessibility checker has to say that is serious, as sentences. */
  async accessibilityFaults(): Promise<string[]> {
    await this.page.evaluate(axe.source)
    const rules = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } }
    const { violations } = (await this.page.evaluate(`axe.run(document, ${JSON.stringify(rules)})`)) as AxeResults
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)
  }

  /** Saves how the page looks, light and dark, where anyone can look; the folder is not committed. */
  async shot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true })
    for (const theme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme: theme })
      await this.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
      await this.page.screenshot({ path: join(SCREENSHOTS, `${name}-${theme}.png`), animations: 'disabled' })
    }
    await this.page.emulateMedia({ colorScheme: 'light' })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened.disposeAsync()
    if (this.#faults.length > 0) throw new Error(`The page reported errors:\n${this.#faults.join('\n')}`)
  }
}
