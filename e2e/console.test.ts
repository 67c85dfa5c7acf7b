/** The first hour with the console, on a fresh installation as `npm start` makes it: with the mouse, and with the keyboard alone. */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'
import { buildConsole, ConsolePage } from './console-page.ts'
import { freePort, Installation } from './installation.ts'
import { hasCurl, homeOfNobody, paste, unpaste } from './pasted-line.ts'

const SECRET = 'correct horse battery staple'

/** A server with TLS, with the agent of this machine as its first node, and one secret parameter. */
async function freshStart(): Promise<Installation> {
  buildConsole()
  const https = `127.0.0.1:${await freePort()}`
  const steward = await Installation.start({ STEWARD_LOCAL_NODE: 'on', STEWARD_HTTPS: https })
  await eventually(() => /#one-time=/.test(steward.serverLog), 60_000)
  await steward.ssm.send(new PutParameterCommand({ Name: '/app/password', Type: 'SecureString', Value: SECRET }))
  return steward
}

/** Ends the server politely, so that it takes the agent of this machine with it. */
function stopping(steward: Installation): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => steward.stopServer() }
}

/** The link that the server printed when it had started. */
function printedLink({ serverLog }: Installation): string {
  return /http:\S+#one-time=[\w-]+/.exec(serverLog)![0]
}

/** A machine that became a node by a pasted line, until it is disposed of. */
async function pasted(line: string): Promise<AsyncDisposable> {
  const home = homeOfNobody()
  const { code, out, err } = await paste(line, home)
  assert.equal(code, 0, `${out}${err}`)
  return {
    async [Symbol.asyncDispose]() {
      await unpaste(line, home)
      rmSync(home, { recursive: true, force: true })
    },
  }
}

test('E2E-25 with the mouse: sign in, add a node, run a command on both, open a shell, read a parameter, find it in the audit', async (t) => {
  if (!hasCurl) return t.skip('there is no curl')
  await using steward = await freshStart()
  await using _running = stopping(steward)
  await using ui = await ConsolePage.open(steward.url)
  const { page } = ui
  const goTo = async (name: string) => {
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
    await ui.heading(new RegExp(`^${name}`))
  }

  await page.goto(printedLink(steward))
  await ui.heading('Home')

  await goTo('Nodes')
  await page.getByRole('link', { name: 'Add node' }).first().click()
  await page.getByRole('button', { name: 'Make the line' }).click()
  const line = await page.locator('pre', { hasText: 'curl' }).first().textContent()
  await using _second = await pasted(line!)
  await page.getByText('is online').waitFor()
  await ui.shot('journey-1-added')

  await goTo('Run Command')
  await page.getByRole('link', { name: 'Run a command' }).first().click()
  await page.getByRole('button', { name: 'Document', exact: false }).first().click()
  await page.getByRole('option', { name: /AWS-RunShellScript/ }).click()
  await page.getByRole('textbox', { name: 'commands' }).click()
  await page.keyboard.type('for n in 1 2 3; do echo line $n of $((6*7)); sleep 1; done')
  await page.getByRole('button', { name: /^Nodes/ }).click()
  for (const option of [0, 1]) await page.getByRole('option', { name: /mi-/ }).nth(option).click()
  await page.keyboard.press('Escape')
  await page.getByText('2 nodes match').waitFor()
  await ui.shot('journey-2-run')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  // While it runs: the last line is another.
  await page
    .getByText(/line [12] of 42/)
    .first()
    .waitFor()
  await page.getByText('2 of 2 nodes done').waitFor()
  await ui.shot('journey-3-ran')

  await goTo('Nodes')
  await page
    .getByRole('row', { name: /Online/ })
    .getByRole('link')
    .first()
    .click()
  await page.getByRole('link', { name: 'Start a session' }).click()
  await page.getByText('Connected').waitFor()
  await page.locator('.xterm-helper-textarea').pressSequentially('echo it is $((40+2))\n')
  await page.locator('.xterm-rows').getByText('it is 42').first().waitFor()
  await ui.shot('journey-4-shell')

  await goTo('Parameters')
  await page.getByRole('link', { name: 'app/' }).click()
  await page.getByRole('link', { name: 'password' }).click()
  await page.getByRole('button', { name: 'Reveal' }).click()
  await page.getByText(SECRET).waitFor()

  await goTo('Audit')
  await page.getByRole('button', { name: 'Everything' }).click()
  for (const action of ['ConsoleLogin', 'CreateActivation', 'SendCommand', 'StartSession', 'GetParameter'])
    await page.getByRole('link', { name: action, exact: true }).first().waitFor()
  await ui.shot('journey-5-audit')
  assert.doesNotMatch((await page.locator('body').textContent())!, new RegExp(SECRET))
  assert.deepEqual(ui.faults, [])
})

test('E2E-25 with the keyboard alone: the same', async (t) => {
  if (!hasCurl) return t.skip('there is no curl')
  await using steward = await freshStart()
  await using _running = stopping(steward)
  await using ui = await ConsolePage.open(steward.url)
  const { page } = ui
  const { keyboard } = page
  const open = async (target: ReturnType<typeof page.getByRole>) => {
    await ui.tabTo(target)
    await keyboard.press('Enter')
  }
  const goTo = async (name: string) => {
    await open(page.getByRole('navigation').getByRole('link', { name, exact: true }))
    await ui.heading(new RegExp(`^${name}`))
  }

  await page.goto(printedLink(steward))
  await ui.heading('Home')
  await keyboard.press('Tab')
  await open(page.getByRole('link', { name: 'Skip to the content' }))
  await open(page.getByRole('link', { name: 'Add node' }))
  await ui.heading('Add a node')
  await open(page.getByRole('button', { name: 'Make the line' }))
  const line = await page.locator('pre', { hasText: 'curl' }).first().textContent()
  await using _second = await pasted(line!)
  await page.getByText('is online').waitFor()

  await goTo('Run Command')
  await open(page.getByRole('link', { name: 'Run a command' }))
  await ui.heading('Run a command')
  await open(page.getByRole('button', { name: /^Document/ }))
  await keyboard.type('RunShellScript')
  await page.getByRole('option', { name: /AWS-RunShellScript/ }).waitFor()
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await ui.tabTo(page.getByRole('textbox', { name: 'commands' }))
  await keyboard.type('echo it is $((6*7))')
  // In an editor Tab is a character, after Escape it leads on.
  await keyboard.press('Escape')
  await open(page.getByRole('button', { name: /^Nodes/ }))
  await page.getByRole('option', { name: /mi-/ }).nth(1).waitFor()
  for (const key of ['ArrowDown', 'Enter', 'ArrowDown', 'Enter', 'Escape']) await keyboard.press(key)
  await page.getByText('2 nodes match').waitFor()
  await open(page.getByRole('button', { name: 'Run', exact: true }))
  await page.getByText('2 of 2 nodes done').waitFor()
  await page.getByText('it is 42').first().waitFor()

  await goTo('Nodes')
  const node = page
    .getByRole('row', { name: /Online/ })
    .getByRole('link')
    .first()
  await ui.tabTo(page.getByRole('checkbox', { name: 'Select all rows' }))
  await ui.arrowTo(node, 'ArrowDown', 'ArrowRight', 'ArrowRight')
  await keyboard.press('Enter')
  await open(page.getByRole('link', { name: 'Start a session' }))
  await page.getByText('Connected').waitFor()
  await keyboard.type('echo it is $((40+2))\n')
  await page.locator('.xterm-rows').getByText('it is 42').first().waitFor()

  // In a shell Tab is a character, too; this leaves it.
  await keyboard.press('Control+Shift+L')
  await keyboard.press('Control+k')
  await keyboard.type('/app/password')
  await page.getByRole('option', { name: '/app/password' }).waitFor()
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await open(page.getByRole('button', { name: 'Reveal' }))
  await page.getByText(SECRET).waitFor()

  await goTo('Audit')
  await open(page.getByRole('button', { name: 'Changes' }))
  await keyboard.press('ArrowRight')
  await keyboard.press('ArrowRight')
  await keyboard.press('Enter')
  for (const action of ['CreateActivation', 'SendCommand', 'StartSession', 'GetParameter'])
    await page.getByRole('link', { name: action, exact: true }).first().waitFor()
  assert.deepEqual(ui.faults, [])
})
