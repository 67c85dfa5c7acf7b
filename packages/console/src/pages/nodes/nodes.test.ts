import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm'
import { FakeNode } from '@steward/server/capabilities/nodes/testing/fake-node.ts'
import { Console } from '#testing/console.ts'

const PLATFORMS = [
  { PlatformName: 'Debian GNU/Linux', PlatformVersion: '12' },
  { PlatformName: 'Ubuntu', PlatformVersion: '24.04' },
  { PlatformName: 'AlmaLinux', PlatformVersion: '9.4' },
]

/** Nodes of three platforms with tags, one of them behind with its agent; then one that is connected. */
async function someFleet({ server }: Console) {
  for (let index = 0; index < 9; index++) {
    const Tags = [
      { Key: 'env', Value: index < 3 ? 'prod' : 'dev' },
      { Key: 'role', Value: 'web' },
    ]
    await FakeNode.enrol(
      server,
      { Tags },
      {
        ...PLATFORMS[index % 3],
        ComputerName: `web-${index}.example`,
        IPAddress: `10.0.0.${index}`,
        AgentVersion: index === 4 ? '3.1.0.0' : '3.2.0.0',
      },
    )
  }
  return server.fakeNode()
}

test('CON-06 CON-08 the fleet is searched, grouped, tagged and shared by its address', async () => {
  await using ui = await Console.signedIn('/nodes')
  const { server, page } = ui
  await page.getByText('No nodes yet').waitFor()
  await someFleet(ui)
  await page.getByRole('link', { name: 'web-8.example' }).waitFor()
  await page.getByText('10 of 10 online').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('nodes')

  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download CSV' }).click()
  const file = await readFile((await (await downloading).path()) ?? '', 'utf8')
  assert.equal(file.trim().split('\r\n').length, 11)
  assert.match(file, /web-8\.example,Online,mi-/)

  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'With an older agent' }).click()
  await page.getByText('1 match').first().waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()

  await page.getByRole('combobox', { name: /Search names/ }).fill('env=prod')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'web-8.example' }).waitFor({ state: 'detached' })
  await page.getByText('3 matches').first().waitFor()
  await page.reload()
  await page.getByText('3 matches').first().waitFor()

  await page.goto(`${server.url}/console/nodes?group=tag:env`)
  await page.getByRole('link', { name: 'dev' }).waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('nodes-grouped')
  await page.getByRole('link', { name: 'prod' }).click()
  await page.getByText('3 matches').first().waitFor()

  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Run a command on all 3 nodes with these tags' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('checkbox', { name: 'Select all rows' }).first().check({ force: true })
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Add tags' }).click()
  await page.getByRole('textbox', { name: 'Key' }).fill('tier')
  await page.getByRole('textbox', { name: 'Value' }).fill('front')
  await ui.shot('nodes-add-tags')
  await page.getByRole('button', { name: 'Save tags' }).click()
  await page.getByText('Tagged 3 nodes.').waitFor()
  await page.getByText('env=prod, role=web +1').first().waitFor()

  await page.goto(`${server.url}/console/nodes`)
  await page.getByText('10 of 10 online').waitFor()
  await page.getByRole('button', { name: 'Actions' }).click()
  await ui.shot('nodes-all-acts')
  await page.getByRole('menuitem', { name: 'Add tags to all 10 nodes' }).click()
  await page.getByRole('textbox', { name: 'Key' }).fill('site')
  await page.getByRole('button', { name: 'Command' }).last().click()
  await page.getByText('for id in $(aws ssm describe-instance-information').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Save tags' }).click()
  await page.getByText('Tagged 10 nodes.').waitFor()
  await page.goto(`${server.url}/console/nodes?f=tag:env~%3D~dev`)
  await page.getByText('6 matches').first().waitFor()
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Deregister all 6 nodes' }).click()
  await page.getByText('6 of them online right now.').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('nodes-deregister-all')
  await page.getByLabel('To confirm, type deregister 6').fill('deregister 6')
  await page.getByRole('dialog').getByRole('button', { name: 'Deregister' }).click()
  await page.getByText('Deregistered 6 nodes.').waitFor()
  await page.goto(`${server.url}/console/nodes`)
  await page.getByText('4 of 4 online').waitFor()
})

test('AGT-18 a node is looked at from all sides, and deregistered', async () => {
  await using ui = await Console.open()
  const { server, page } = ui
  const node = await someFleet(ui)
  node.autoRun()
  const Parameters = { commands: ['true'] }
  const command = { DocumentName: 'AWS-RunShellScript', InstanceIds: [node.id], Parameters, Comment: 'Look around' }
  await server.client(SSMClient).send(new SendCommandCommand(command))
  await server.settle()
  await ui.signIn(`/nodes/${node.id}`)
  await page.getByText('Its control channel is open').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('node')
  await page.getByRole('tab', { name: 'Commands' }).click()
  await page.getByText('Look around').waitFor()
  assert.match(page.url(), /tab=commands/)
  await ui.shot('node-commands')
  for (const [tab, shows] of [
    ['Sessions', 'No sessions yet'],
    ['Tags', 'Tags'],
    ['Agent and activation', 'Registrations'],
    ['Events', 'SendCommand'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click()
    await page.getByRole('tabpanel').getByText(shows).first().waitFor()
    assert.deepEqual(await ui.accessibilityFaults(), [])
  }
  await ui.shot('node-events')

  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Deregister' }).click()
  await page.getByText('It is online right now.').waitFor()
  await ui.shot('node-deregister')
  await page.getByRole('textbox').fill('deregister')
  await page.getByRole('dialog').getByRole('button', { name: 'Deregister' }).click()
  await page.getByText('Deregistered 1 node.').waitFor()
  await page.getByRole('link', { name: 'web-8.example' }).waitFor()
})

test('CON-08 what was begun with many nodes is gone on with after its tab was closed', async () => {
  await using ui = await Console.open()
  const { server, page, context } = ui
  await someFleet(ui)
  await ui.signIn('/nodes')
  const stuck = Promise.withResolvers<void>()
  let through = 3
  await page.route('**/*', async (route) => {
    const target = route.request().headers()['x-amz-target'] ?? ''
    if (!target.endsWith('.DeregisterManagedInstance') || through-- > 0) return route.continue()
    stuck.resolve()
  })
  await page.getByText('10 of 10 online').waitFor()
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Deregister all 10 nodes' }).click()
  await page.getByLabel('To confirm, type deregister 10').fill('deregister 10')
  await page.getByRole('dialog').getByRole('button', { name: 'Deregister' }).click()
  await stuck.promise
  await page.getByText('3 of 10 done').waitFor()

  const other = await context.newPage()
  await other.goto(`${server.url}/console/nodes`)
  await other.getByText('7 of 7 online').waitFor()
  assert.equal(await other.getByText('broken off').count(), 0)
  await page.close()
  await other.reload()
  await other.getByText('Deregistering nodes: broken off').waitFor()
  await other.getByRole('button', { name: 'Go on with the rest' }).click()
  await other.getByText(/^Deregistered \d nodes?\.$/).waitFor()
  await other.getByText('No nodes yet').waitFor()
  await other.reload()
  await other.getByText('No nodes yet').waitFor()
  assert.equal(await other.getByText('broken off').count(), 0)
})

test('HYB-01 a node is added with one line, and appears by itself', async () => {
  await using ui = await Console.signedIn('/nodes/add', { https: true })
  const { server, page } = ui
  await page.getByLabel('Number of machines').fill('2')
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('nodes-add')
  await page.getByRole('button', { name: 'Make the line' }).click()
  const line = (await page.getByText(/^curl .*--activation-code/).textContent()) ?? ''
  await page.getByText('0 of 2 machines have registered.').waitFor()
  const [, id = '', code = ''] = /--activation-id (\S+) --activation-code (\S+)/.exec(line) ?? []
  const node = new FakeNode(server)
  await node.register({ id, code })
  await node.requestToken()
  await node.ping({ ComputerName: 'new.example' })
  await page.getByText('new.example is online.').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('nodes-added')
  await page.reload()
  await page.getByText('The line was shown once').waitFor()
  await page.getByText('1 of 2 machines have registered.').waitFor()
  await ui.go('/nodes/activations')
  await page.getByText('1 of 2').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('activations')
})

test('CON-08 who may not list nodes is told what is missing', async () => {
  await using ui = await Console.open()
  await ui.signInLimited('/nodes')
  await ui.page.getByText('You may not see this.').waitFor()
  await ui.page.getByText('ssm:DescribeInstanceInformation').first().waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('nodes-forbidden')
})
