import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AddTagsToResourceCommand, SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm'
import { Console } from '#testing/console.ts'

const STEP = 'aws:runShellScript'

test('RC-27 a command is filled in, sent, watched and read, with the mouse', async () => {
  await using console = await Console.signedIn('/commands')
  const { page, server } = console
  const nodes = await server.fakeNodes(6)
  const ssm = server.client(SSMClient)
  for (const [index, node] of nodes.entries()) {
    await ssm.send(
      new AddTagsToResourceCommand({
        ResourceType: 'ManagedInstance',
        ResourceId: node.id,
        Tags: [{ Key: 'role', Value: 'web' }],
      }),
    )
    node.autoRun(() =>
      index === 5 ? { code: 7, stderr: 'disk full on /var' } : { stdout: `up ${index < 4 ? 3 : 5} days\nload 0.1\n` },
    )
  }
  await page.getByText('No commands yet').waitFor()
  await console.shot('commands-empty')

  await page.getByRole('link', { name: 'Run a command' }).first().click()
  await page.getByRole('button', { name: 'Document', exact: false }).first().click()
  await page.getByRole('option', { name: /AWS-RunShellScript/ }).click()
  await page.getByRole('textbox', { name: 'commands' }).click()
  await page.keyboard.type('uptime')
  await page.getByRole('radio', { name: /By tags/ }).click()
  await page.getByRole('combobox', { name: 'Tag key' }).click()
  await page.getByRole('option', { name: 'role' }).click()
  await page.getByText('6 nodes match').waitFor()
  await page.getByRole('textbox', { name: 'Stop after errors' }).fill('5')
  await page.getByText('It goes on through 5 failures').waitFor()
  await console.shot('commands-run')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('button', { name: 'Run', exact: true }).click()

  await page.getByText('6 of 6 nodes done, 1 error').waitFor()
  await page.getByText('disk full on /var').waitFor()
  await console.shot('commands-matrix')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await page.getByRole('tab', { name: 'Outputs' }).click()
  await page.getByText('6 nodes gave 3 different results.').waitFor()
  await page.getByRole('button', { name: 'Compare with the most frequent' }).first().click()
  await page.locator('.cm-editor').first().waitFor()
  await console.shot('commands-outputs')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await page.getByRole('tab', { name: 'Details' }).click()
  await page.getByText('aws ssm send-command').waitFor()
  await console.shot('commands-details')

  await page.getByRole('link', { name: 'Run Command', exact: true }).first().click()
  await page.getByRole('link', { name: 'AWS-RunShellScript' }).waitFor()
  await console.shot('commands')
  assert.deepEqual(await console.accessibilityFaults(), [])
})

test('T-06 a command reaches every node, or those of a resource group', async () => {
  await using console = await Console.open()
  const { page, server } = console
  const nodes = await server.fakeNodes(3, { tags: { role: 'web' } })
  for (const node of nodes) node.autoRun(() => ({ stdout: 'up\n' }))
  await console.signIn('/commands/run?document=AWS-RunShellScript')
  await page.getByRole('textbox', { name: 'commands' }).click()
  await page.keyboard.type('uptime')
  await page.getByRole('radio', { name: /Every node/ }).click()
  await page.getByText('It is not there yet').waitFor()
  await console.shot('commands-every-node')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('button', { name: 'Create the group' }).click()
  await page.getByText('3 nodes match').waitFor()
  await page.getByRole('radio', { name: /Resource group/ }).click()
  await page.getByRole('button', { name: /Choose a group/ }).click()
  await page.getByRole('option', { name: /every-node/ }).click()
  await page.getByText('3 nodes match').waitFor()
  await console.shot('commands-group')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByText('3 of 3 nodes done').waitFor()
  await page.getByRole('link', { name: 'Copy to new' }).click()
  await page.getByText('3 nodes match').waitFor()
  assert.equal(await page.getByRole('radio', { name: /Every node/ }).isChecked(), true)
})

test('RC-21 what a node says shows while it says it, and never as more than text', async () => {
  await using console = await Console.signedIn()
  const { page, server } = console
  const node = await server.fakeNode()
  const ssm = server.client(SSMClient)
  const { Command } = await ssm.send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: [node.id],
      Parameters: { commands: ['<b>hostile</b>'] },
    }),
  )
  const job = await node.nextJob()
  node.ack(job)
  await console.go(`/commands/${Command!.CommandId}/${node.id}`)
  await page.getByText('Nothing so far.').waitFor()
  const say = (offset: number, text: string) =>
    node.output(job, { step: STEP, stream: 'stdout', offset, data: Buffer.from(text) })
  say(0, 'first line\n')
  await page.getByText('first line').waitFor()
  await console.shot('commands-node-live')
  say(11, '\x1b]0;stolen\x07<img src=x onerror=alert(1)>\n')
  await page.getByText('<img src=x onerror=alert(1)>').waitFor()
  node.finish(job, { stdout: 'first line\n' })
  await page.getByText('exit code 0').waitFor()
  await console.shot('commands-node')
  assert.deepEqual(await console.accessibilityFaults(), [])
})
