/** A shell in a browser: the page speaks with the server itself, no program in between. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { ResumeSessionCommand, StartSessionCommand, TerminateSessionCommand } from '@aws-sdk/client-ssm'
import type * as library from '@steward/session-client'
import { BrowserPage } from '@steward/session-client/testing/browser.ts'
import { type Agent, Installation } from './installation.ts'

/** What the page has: the library, and what the test keeps there. */
declare global {
  var steward: typeof library
  var shell: { client: library.SessionClient; shown: string; end: library.SessionEnd | undefined; lost: number }
  function resumeSession(): Promise<string | undefined>
}

async function openShell(browser: BrowserPage, { ssm }: Installation, node: Agent): Promise<string> {
  const started = await ssm.send(new StartSessionCommand({ Target: node.id }))
  const { SessionId, StreamUrl, TokenValue } = started
  await browser.page.exposeFunction('resumeSession', async () => {
    const resumed = await ssm.send(new ResumeSessionCommand({ SessionId }))
    return resumed.TokenValue
  })
  const options = { sessionId: SessionId!, streamUrl: StreamUrl!, tokenValue: TokenValue! }
  await browser.page.evaluate((given) => {
    const text = new TextDecoder()
    const client = new steward.SessionClient({
      ...given,
      resume: () => resumeSession(),
      output: (bytes) => {
        shell.shown += text.decode(bytes, { stream: true })
      },
      lost: () => {
        shell.lost += 1
      },
      ended: (end) => {
        shell.end = end
      },
    })
    globalThis.shell = { client, shown: '', end: undefined, lost: 0 }
    client.resize({ cols: 132, rows: 43 })
    client.start()
  }, options)
  return SessionId!
}

const type = ({ page }: BrowserPage, text: string) =>
  page.evaluate((typed) => shell.client.input(new TextEncoder().encode(typed)), text)

const shows = ({ page }: BrowserPage, text: string) =>
  page.waitForFunction((wanted) => shell.shown.includes(wanted), text)

test('SM-18 a page is a terminal of a node: size, UTF-8, interrupt, a large paste, exit', async () => {
  await using steward = await Installation.start()
  const [agent] = (await steward.startAgents(1)) as [Agent]
  await using browser = await BrowserPage.open()
  await openShell(browser, steward, agent)

  await type(browser, 'stty size; echo "ça va, 世界 $((40+2))"\r')
  await shows(browser, '43 132')
  await shows(browser, 'ça va, 世界 42')
  await browser.page.evaluate(() => shell.client.resize({ cols: 80, rows: 24 }))
  await type(browser, 'until stty size | grep "24 80"; do :; done\r')
  await shows(browser, '24 80')

  await type(browser, `sh -c "echo be''gun; exec sleep 100"\r`)
  await shows(browser, 'begun')
  await type(browser, '\x03')
  await type(browser, 'echo still $((1+1)) here\r')
  await shows(browser, 'still 2 here')

  const lines = 'x'.repeat(99).concat('\n').repeat(10_486)
  await type(browser, 'stty -echo; echo rea""dy; head -c 1048600 | sha256sum\r')
  await shows(browser, 'ready')
  await type(browser, lines)
  await shows(browser, createHash('sha256').update(lines).digest('hex'))

  await type(browser, 'exit\r')
  await browser.page.waitForFunction(() => shell.end !== undefined)
  assert.deepEqual(await browser.page.evaluate(() => shell.end), { how: 'closed', output: '' })
})

test('SM-18 a page goes on with its shell after the server was killed', async () => {
  await using steward = await Installation.start()
  const [agent] = (await steward.startAgents(1)) as [Agent]
  await using browser = await BrowserPage.open()
  const sessionId = await openShell(browser, steward, agent)

  await type(browser, 'kept=yes; echo be""gun\r')
  await shows(browser, 'begun')
  await type(browser, 'sleep 1; echo mean""while\r')
  await steward.killServer()
  await steward.startServer()
  await shows(browser, 'meanwhile')
  await type(browser, 'echo "kept: $kept"\r')
  await shows(browser, 'kept: yes')
  assert.ok((await browser.page.evaluate(() => shell.lost)) > 0)

  await steward.ssm.send(new TerminateSessionCommand({ SessionId: sessionId }))
  await browser.page.waitForFunction(() => shell.end !== undefined)
  assert.equal(await browser.page.evaluate(() => shell.end?.how), 'closed')
})
