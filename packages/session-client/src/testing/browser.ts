import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { launchChromium } from '@steward/testkit/chromium.ts'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'

const library = fileURLToPath(new URL('../index.ts', import.meta.url))

/** A real browser, without window, and a page of its own origin in which `SessionClient` and the rest of the library are global. */
export class BrowserPage implements AsyncDisposable {
  readonly page: Page
  readonly #browser: Browser
  readonly #close: () => void

  private constructor(page: Page, browser: Browser, close: () => void) {
    this.page = page
    this.#browser = browser
    this.#close = close
  }

  static async open(): Promise<BrowserPage> {
    const script = await bundle()
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(`<!doctype html><title>A session</title><script>${script}</script>`)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const browser = await launchChromium()
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    return new BrowserPage(page, browser, () => server.close())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
    this.#close()
  }
}

/** The library as one script for browsers; it would not build if anything in it needed Node. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [library],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'steward',
    platform: 'browser',
    target: 'es2024',
    minify: true,
  })
  return outputFiles[0]!.text.replaceAll('</script', '<\\/script')
}
