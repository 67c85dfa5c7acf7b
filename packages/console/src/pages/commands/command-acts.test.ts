import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateDocumentCommand, SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'
import { Console } from '#testing/console.ts'

const step = (name: string, line: string) => ({
  action: 'aws:runShellScript',
  name,
  inputs: { runCommand: [line] },
})

test('RC-27 a command of several steps is found in, cancelled, run again and copied', async () => {
  await using console = await Console.signedIn()
  const { page, server } = console
  const ssm = server.client(SSMClient)
  const [done, hanging] = await server.fakeNodes(2)
  const mainSteps = [step('fetch', 'curl {{ address }}'), step('install', './install')]
  await ssm.send(
    new CreateDocumentCommand({
      Name: 'Install-Agent',
      DocumentFormat: 'JSON',
      Content: JSON.stringify({
        schemaVersion: '2.2',
        description: 'Fetches a program and installs it.',
        parameters: {
          address: { type: 'String', description: 'Where it is.', allowedPattern: 'https://.*' },
          channel: { type: 'String', description: 'Which one.', default: 'stable', allowedValues: ['stable', 'next'] },
        },
        mainSteps,
      }),
    }),
  )
  done!.autoRun(() => undefined)
  const { Command } = await ssm.send(
    new SendCommandCommand({
      DocumentName: 'Install-Agent',
      InstanceIds: [done!.id, hanging!.id],
      Parameters: { address: ['https://example.org/a'] },
      Comment: 'The first try',
      MaxConcurrency: '100%',
      MaxErrors: '100%',
    }),
  )
  await eventually(() => assert.equal(done!.received.length, 1))
  const job = done!.received[0]!
  const result = { code: 0, stdout: 'fetched 3 files\nchecksum fine\n' }
  done!.reply(job, { status: 'Failed', steps: { fetch: result, install: { code: 1, stderr: 'no space left' } } })
  const stuck = await hanging!.nextJob()
  hanging!.ack(stuck)
  hanging!.output(stuck, { step: 'fetch', stream: 'stdout', offset: 0, data: Buffer.from('fetching 1 of 3\n') })

  await console.go(`/commands/${Command!.CommandId}`)
  await page.getByText('no space left').waitFor()
  await page.getByText('fetching 1 of 3').waitFor()
  await console.shot('commands-steps')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await page.getByRole('tab', { name: 'Outputs' }).click()
  await page.getByRole('searchbox', { name: 'Find text in the output of all nodes' }).fill('CHECKSUM')
  await page.keyboard.press('Enter')
  await page.getByText('1 line found.').waitFor()
  await page.getByText('checksum fine').first().waitFor()
  await console.shot('commands-found')

  await page.getByRole('button', { name: 'Cancel command' }).click()
  await page.getByText('It is ended on 1 node').waitFor()
  await console.shot('commands-cancel')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel command' }).click()
  await eventually(() => assert.equal(hanging!.received.at(-1)?.kind, 'cancel'))
  hanging!.reply(stuck, { status: 'Cancelled', steps: { fetch: { status: 'Cancelled', code: 137 } } })
  await page.getByText('2 of 2 nodes done').waitFor()

  await page.getByRole('link', { name: 'Copy to new' }).click()
  await page.getByText('Fetches a program and installs it.').waitFor()
  const address = page.getByRole('textbox', { name: /address/ })
  assert.equal(await address.inputValue(), 'https://example.org/a')
  await address.fill('ftp://example.org/a')
  await page.getByText('2 nodes match').waitFor()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByText('This must match https://.*').waitFor()
  assert.equal(await page.locator(':focus').inputValue(), 'ftp://example.org/a')
  await console.shot('commands-copy')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await address.fill('https://example.org/b')
  hanging!.autoRun()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.waitForURL((url) => /\/commands\/[0-9a-f-]{36}$/.test(url.pathname))
  await page.getByRole('button', { name: 'Run again' }).click()
  await page.getByRole('dialog').getByText('2 nodes match').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Run again' }).click()
  await page.getByText('The command was sent again.').waitFor()
  assert.equal(done!.received.filter(({ kind }) => kind === 'command').length >= 2, true)
})

test('RC-27 who may see nothing of it is told why, on every page of it', async () => {
  await using console = await Console.open()
  const { page } = console
  await console.signInLimited('/commands', 'ssm:ListDocuments')
  await page.getByText('You may not see this.').waitFor()
  await page.getByText('ssm:ListCommands').first().waitFor()
  await console.shot('commands-forbidden')
  await console.go('/commands/01a1ffee-0fb1-7d62-9d2b-a0bda5fbe1fd')
  await page.getByText('ssm:ListCommands').first().waitFor()
  await console.go('/commands/run?document=AWS-RunShellScript&tag=role=web')
  await page.getByText('ssm:DescribeDocument').first().waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
})

test('RC-27 the pages of a command fit a phone', async () => {
  await using console = await Console.signedIn('/commands', { size: { width: 360, height: 740 } })
  const { page, server } = console
  const node = await server.fakeNode()
  node.autoRun(() => ({ stdout: 'up 3 days\n' }))
  const { Command } = await server.client(SSMClient).send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: [node.id],
      Parameters: { commands: ['uptime'] },
    }),
  )
  await page.getByRole('link', { name: 'AWS-RunShellScript' }).waitFor()
  const widest = () => page.evaluate('document.documentElement.scrollWidth')
  for (const path of [
    '/commands',
    '/commands/run?document=AWS-RunShellScript',
    `/commands/${Command!.CommandId}`,
    `/commands/${Command!.CommandId}/${node.id}`,
  ]) {
    await console.go(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    assert.ok(Number(await widest()) <= 360, path)
    await console.shot(`commands-phone${path.replace(/[0-9a-f-]{36}|mi-\w+/g, 'one').replace(/\?.*|\W+/g, '-')}`)
  }
})
