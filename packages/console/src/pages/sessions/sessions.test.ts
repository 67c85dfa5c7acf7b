/** Sessions in the browser, on a real node: this machine. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { CreateDocumentCommand, SSMClient, StartSessionCommand } from '@aws-sdk/client-ssm'
import { aConnectedNode, RecordedSession } from '@steward/server/capabilities/recordings/testing/recorded-session.ts'
import { aUser } from '@steward/server/iam/testing/a-user.ts'
import { Console } from '#testing/console.ts'
import { RealNode } from '#testing/real-node.ts'

const FILE = Buffer.alloc(300_000, 'steward ')

/** What a person does with the shell that is shown. */
function shellOf({ page }: Console) {
  const rows = page.locator('.xterm-rows')
  return {
    type: (text: string) => page.locator('.xterm-helper-textarea').pressSequentially(text),
    shows: (text: string) => rows.getByText(text).first().waitFor(),
  }
}

function paste({ page }: Console, text: string): Promise<unknown> {
  return page.evaluate(`(() => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', ${JSON.stringify(text)})
    const area = document.querySelector('.xterm-helper-textarea')
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })()`)
}

test('SM-18 a shell in the browser goes on over pages and reloads, takes files, and can be seen again', async () => {
  await using steward = await Console.signedIn('/sessions')
  await using node = await RealNode.start(steward.server, 'web-1')
  const { page } = steward
  const { type, shows } = shellOf(steward)
  await page.getByText('Nobody is in a session').waitFor()
  await steward.shot('sessions-none')

  // A link of the console starts it at once.
  await steward.go(`/sessions/shell?node=${node.id}`)
  await page.getByText('Connected').waitFor()
  await type('kept=yes; stty size; printf "\\033[38;2;200;90;0m%s\\033[0m\\n" "true colour $((40+2))"\n')
  await shows('true colour 42')
  // Escape sequences of the node reach neither the window's title nor the clipboard.
  await type("printf '\\033]0;Sign in again\\007\\033]52;c;c3RvbGVu\\007'; echo do''ne\n")
  await shows('done')
  await page.locator('small').getByText('Sign in again').waitFor()
  assert.equal(await page.title(), 'Shells · Steward')
  await steward.shot('shell')
  assert.deepEqual(await steward.accessibilityFaults(), [])

  // A link that the node shows is asked about.
  await type("printf '\\033]8;;https://evil.example/\\033\\\\bank\\033]8;;\\033\\\\\\n'\n")
  const { x, y } = (await page.locator('.xterm-rows').getByText('bank', { exact: true }).last().boundingBox())!
  await page.mouse.move(x + 8, y + 8)
  await page.mouse.click(x + 8, y + 8)
  await page.getByRole('dialog').getByText('https://evil.example/').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()

  // It is there after other pages, and after the page was loaded again.
  await page.getByRole('link', { name: 'Home', exact: true }).click()
  await page.getByRole('heading', { name: 'Home' }).waitFor()
  await steward.go('/sessions/shell')
  await shows('true colour 42')
  await page.reload()
  await shows('true colour 42')
  await page.getByText('Connected').waitFor()
  await type('echo "kept: $kept"\n')
  await shows('kept: yes')

  // Several lines at once are shown before they run.
  await paste(steward, 'echo one$((1))\necho two$((2))\n')
  await page.getByRole('dialog').getByText('Each of these 2 lines runs on web-1').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Paste' }).click()
  await shows('two2')

  await page.getByRole('button', { name: 'Search (Ctrl+Shift+F)' }).click()
  await page.getByRole('searchbox', { name: 'Search in the terminal' }).fill('colour')
  await page.getByText(/of 2$/).waitFor()
  await steward.shot('shell-search')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Files', exact: true }).click()
  const upload = { name: "it's a file.txt", mimeType: 'text/plain', buffer: FILE }
  await page.locator('input[type=file]').first().setInputFiles(upload)
  await page.getByText('Copied and checked').first().waitFor()
  await type('sha256sum ~/it*file.txt\n')
  await shows(createHash('sha256').update(FILE).digest('hex').slice(0, 40))
  await page.getByRole('textbox', { name: 'Download from' }).fill("~/it's a file.txt")
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download', exact: true }).click()
  assert.deepEqual(readFileSync(await (await coming).path()), FILE)
  await steward.shot('shell-files')
  await page.getByRole('button', { name: 'Files', exact: true }).click()
  await type('rm ~/it*file.txt; exit\n')

  await page.getByText('The session has ended.').waitFor()
  await steward.shot('shell-ended')
  await page.getByText('See the recording').click()
  await page.getByRole('button', { name: 'Verify' }).click()
  await page.getByText('The recording is whole').waitFor()
  await page.getByText('This browser worked out the same hash').waitFor()
  await page.getByRole('searchbox', { name: 'Search in the recording' }).fill('kept: yes')
  await page.keyboard.press('Enter')
  await page.getByText('1 match').waitFor()
  await page.locator('.st-found a').click()
  await shows('kept: yes')
  await steward.shot('session-replay')
  assert.deepEqual(await steward.accessibilityFaults(), [])

  await steward.go('/sessions?tab=history')
  await page.locator('table a[href*="/sessions/root-"]').first().waitFor()
  await steward.shot('sessions-history')
  await steward.go('/sessions?tab=recordings&q=kept:')
  await page.getByRole('link', { name: 'kept: yes' }).waitFor()
  await steward.shot('sessions-found')
})

test('SM-22 a session is watched while it goes on, and played when it is over', async () => {
  await using steward = await Console.signedIn('/sessions')
  const { page, server } = steward
  const node = await aConnectedNode(server)
  const session = await RecordedSession.start(server, node)
  session.show('$ tail -f log\r\nfirst line\r\n')
  await steward.go(`/sessions/${session.sessionId}`)
  const { shows } = shellOf(steward)
  await shows('first line')
  session.show('\x1b]52;c;c3RvbGVu\x07second line\r\n')
  await shows('second line')
  await steward.shot('session-live')
  assert.deepEqual(await steward.accessibilityFaults(), [])

  await page.getByRole('button', { name: 'Terminate' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Terminate' }).click()
  await page.locator('fieldset').getByText('Live').waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Play' }).click()
  await shows('second line')
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'As plain text, with times' }).click()
  assert.match(readFileSync(await (await coming).path(), 'utf8'), /0:0\d {2}first line\n.*0:0\d {2}second line/)
  await page.getByRole('tab', { name: 'Who saw it' }).click()
  await page.locator('table').getByText('Live', { exact: true }).first().waitFor()
})

test('SM-22 a second person decides, and who may nothing is told so', async () => {
  await using steward = await Console.signedIn('/sessions')
  const { page, server } = steward
  const node = await server.fakeNode()
  const Action = ['ssm:StartSession', 'ssm:GetDocument', 'ssm:ListDocuments']
  const anna = await aUser(server, 'anna', { statements: [{ Effect: 'Allow', Action, Resource: '*' }] })
  await server.client(SSMClient).send(
    new CreateDocumentCommand({
      Name: 'Careful-Shell',
      DocumentType: 'Session',
      Content: JSON.stringify({
        schemaVersion: '1.0',
        sessionType: 'Standard_Stream',
        inputs: { runAsEnabled: true, runAsDefaultUser: 'deploy', stewardSessionPolicy: { approvalRequired: true } },
      }),
    }),
  )
  const asked = { Target: node.id, DocumentName: 'Careful-Shell', Reason: 'The disk is full' }
  await server.client(SSMClient, { credentials: anna }).send(new StartSessionCommand(asked))

  await page.getByRole('tab', { name: 'Approvals (1)' }).click()
  await steward.shot('sessions-approvals')
  assert.deepEqual(await steward.accessibilityFaults(), [])
  await page.getByRole('button', { name: 'Reject' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('Not today')
  await steward.shot('sessions-reject')
  await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click()
  await page.locator('table').getByText('Not today').waitFor()

  await steward.go('/sessions/shell?new')
  await page.getByRole('button', { name: /Shell, as the account prefers it/ }).click()
  await page.getByRole('option', { name: 'Careful-Shell' }).click()
  await page.getByText('A second person has to agree first.').waitFor()
  await page.getByText('The user in your tag SSMSessionRunAs, else deploy').waitFor()
  await steward.shot('shell-start')
  assert.deepEqual(await steward.accessibilityFaults(), [])

  await page.evaluate('sessionStorage.clear()')
  await steward.signInLimited('/sessions')
  await page.getByText('You may not see this.').first().waitFor()
  await steward.shot('sessions-forbidden')
  await steward.go(`/sessions/shell?node=${node.id}`)
  await page.getByText('not authorized to perform: ssm:StartSession').waitFor()
})

test('SM-17 a lost connection is told, and found again with what was typed meanwhile; also on a phone', async () => {
  await using steward = await Console.open({ size: { width: 360, height: 740 } })
  await using node = await RealNode.start(steward.server, 'web-1')
  const { page, context } = steward
  const { type, shows } = shellOf(steward)
  const sockets: { close(): Promise<void> }[] = []
  await page.routeWebSocket(/data-channel/, (socket) => {
    const server = socket.connectToServer()
    sockets.push(socket, server)
  })
  // A link from elsewhere starts nothing by itself.
  await steward.signIn(`/sessions/shell?node=${node.id}`)
  await page.getByRole('button', { name: 'Start session' }).click()
  await page.getByText('Connected').waitFor()
  await type('kept=yes; stty size\n')
  await steward.shot('shell-phone')

  await context.setOffline(true)
  for (const socket of sockets.splice(0)) await socket.close()
  await page.getByText('The connection is lost.').waitFor()
  await steward.shot('shell-lost-phone')
  await type('echo "kept: $kept"\n')
  await context.setOffline(false)
  await shows('kept: yes')
  assert.equal(await page.getByText('The connection is lost.').count(), 0)

  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByRole('button', { name: 'New session' }).click()
  await page.getByRole('button', { name: /Find a node/ }).click()
  await page.getByRole('option', { name: /web-1/ }).click()
  await page.getByRole('button', { name: 'Start session' }).click()
  await page.getByRole('button', { name: 'Close the tab of web-1' }).nth(1).waitFor()
  await page.getByText('Connected').waitFor()
  await type('echo "second: $kept."\n')
  await shows('second: .')
  await steward.shot('shell-tabs')
  assert.deepEqual(await steward.accessibilityFaults(), [])
  await page.getByRole('button', { name: 'Close the tab of web-1' }).last().click()
  await page.getByRole('dialog').getByRole('button', { name: 'End and close' }).click()
  await shows('kept: yes')

  // A megabyte arrives whole.
  const lines = 'x'.repeat(99).concat('\n').repeat(10_486)
  await type('stty -echo; echo rea""dy; head -c 1048600 | sha256sum; stty echo\n')
  await shows('ready')
  await paste(steward, lines)
  await page.getByRole('dialog').getByText('Each of these 10486 lines').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Paste' }).click()
  await shows(createHash('sha256').update(lines).digest('hex').slice(0, 40))

  // Whoever has no mouse is not caught in the terminal.
  await page.keyboard.press('Control+Shift+L')
  assert.equal(await page.evaluate('document.activeElement.tagName'), 'BUTTON')
  await type('exit\n')
  await page.getByText('The session has ended.').waitFor()
})
