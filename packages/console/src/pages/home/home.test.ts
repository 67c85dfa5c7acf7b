import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PutParameterCommand, SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm'
import { FakeNode } from '@steward/server/capabilities/nodes/testing/fake-node.ts'
import { Console } from '#testing/console.ts'

const SCRIPT = { DocumentName: 'AWS-RunShellScript', Parameters: { commands: ['uptime'] } }

test('CON-06 the home page shows the fleet at a glance, and what needs attention', async () => {
  await using ui = await Console.signedIn('/')
  const { server, page } = ui
  await page.getByText('Begin with a node').waitFor()
  await ui.shot('home-empty')

  const ssm = server.client(SSMClient)
  await FakeNode.enrol(server, {}, { ComputerName: 'old.example', AgentVersion: '3.1.0.0' })
  await server.advance(20 * 60_000)
  await FakeNode.enrol(server, {}, { ComputerName: 'web-1.example', PlatformName: 'Ubuntu', PlatformVersion: '24.04' })
  const [good, bad] = await server.fakeNodes(2)
  good?.autoRun()
  bad?.autoRun(() => ({ code: 1, stderr: 'no such unit' }))
  await ssm.send(new SendCommandCommand({ ...SCRIPT, InstanceIds: [good!.id], Comment: 'Look at the load' }))
  await server.settle()
  await ssm.send(new SendCommandCommand({ ...SCRIPT, InstanceIds: [bad!.id], Comment: 'Restart the proxy' }))
  await server.settle()
  await page.getByText('of 4 nodes online').waitFor()
  await page.getByRole('link', { name: '1 of 4 nodes lost the connection' }).waitFor()
  await page.getByRole('link', { name: '1 command failed in the last 24 hours' }).waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('home')
  await page.setViewportSize({ width: 360, height: 800 })
  await ui.shot('home-360')
  await page.setViewportSize({ width: 2560, height: 1300 })
  await ui.shot('home-2560')
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByRole('link', { name: '1 of 4 nodes lost the connection' }).click()
  await page.getByRole('link', { name: 'old.example' }).waitFor()
})

test('HYB-14 the home page says that machines wait to be let in, also before there is a node', async () => {
  await using ui = await Console.signedIn('/')
  const { server, page } = ui
  const made = await ui.call('CreateEnrolmentKey', { IamRole: 'ServiceRole', NeedsApproval: true })
  const { ActivationId: id, ActivationCode: code } = made as { ActivationId: string; ActivationCode: string }
  await new FakeNode(server).register({ id, code }, { ComputerName: 'web-1' })
  await page.getByRole('link', { name: '1 machine waits to be let in' }).waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('home-empty-waiting')
  await FakeNode.enrol(server, {}, { ComputerName: 'old.example', AgentVersion: '3.1.0.0' })
  await new FakeNode(server).register({ id, code }, { ComputerName: 'web-2' })
  await page.getByText('Needs attention').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('home-waiting')
  await page.getByRole('link', { name: '2 machines wait to be let in' }).click()
  await page.getByRole('row').filter({ hasText: 'web-2' }).waitFor()
})

test('CON-07 one search finds anything, by keyboard alone', async () => {
  await using ui = await Console.signedIn('/')
  const { server, page } = ui
  const ssm = server.client(SSMClient)
  await FakeNode.enrol(server, {}, { ComputerName: 'blue.example' })
  await ssm.send(new PutParameterCommand({ Name: '/app/blue', Value: 'x', Type: 'String' }))
  await page.getByRole('combobox', { name: 'Find anything' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('blue')
  await page.getByRole('option', { name: /\/app\/blue/ }).waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('search')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'blue.example' }).waitFor()
})

test('X-12 the home page leaves out what the caller may not read, and says so', async () => {
  await using ui = await Console.open()
  await ui.signInLimited('/', 'ssm:ListCommands')
  await ui.page.getByText('You may not see this part.').first().waitFor()
  await ui.page.getByText('No commands in the last 24 hours.').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('home-limited')
})
