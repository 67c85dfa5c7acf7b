import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { Inventory, item, packages } from '@steward/server/capabilities/inventory/testing/inventory.ts'
import type { TestServer } from '@steward/testkit'
import { Console } from '#testing/console.ts'

const PHONE = { width: 360, height: 740 }
const DESK = { width: 1280, height: 900 }

/** Four nodes, three of which report; one of them twice. */
async function aFleet(server: TestServer): Promise<string[]> {
  const nodes = (await server.fakeNodes(4, { tags: { role: 'web' } })).map(({ id }) => id)
  const inventory = new Inventory(server)
  const network = item('AWS:Network', [{ Name: 'eth0', IPV4: '10.0.0.7', MacAddress: '02:00:00:00:00:01' }])
  const rack = item('Custom:RackInfo', [{ Row: 'B', Unit: '12' }])
  await inventory.put(nodes[0]!, packages('openssl 3.0.14', 'nginx 1.22', 'curl 8.1'), network, rack)
  await inventory.put(nodes[1]!, packages('openssl 3.0.15', 'nginx 1.22'), network)
  await inventory.put(nodes[2]!, packages('openssl 3.0.15', 'vim 9.1'))
  await inventory.put(nodes[0]!, packages('openssl 3.0.15', 'nginx 1.22', 'zsh 5.9'))
  return nodes
}

test('INV-20 the inventory at a glance, then by type, thing and node, and what changed', async () => {
  await using console = await Console.signedIn('/inventory')
  const { page, server } = console
  await page.getByText('No nodes yet').waitFor()
  await aFleet(server)
  await page.getByText('of 4 nodes report').waitFor()
  await page.getByText('changes on 1 node').waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.setViewportSize({ width: 1280, height: 1900 })
  await console.shot('inventory')
  await page.setViewportSize({ width: 360, height: 2800 })
  await console.shot('inventory-360')
  await page.setViewportSize(DESK)

  await page.getByRole('link', { name: 'openssl' }).first().click()
  await page.getByRole('heading', { name: /AWS:Application/ }).waitFor()
  await page.getByRole('row', { name: /openssl 3.0.15/ }).waitFor()
  await console.shot('inventory-type')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page
    .getByRole('row', { name: /openssl 3.0.15/ })
    .getByRole('link', { name: '3' })
    .click()
  await page.getByRole('heading', { name: /AWS:Application \(3\)/ }).waitFor()
  await console.shot('inventory-nodes')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.setViewportSize(PHONE)
  await console.shot('inventory-nodes-360')
  await page.setViewportSize(DESK)

  await page.getByRole('link', { name: 'Inventory' }).last().click()
  await page.getByRole('link', { name: 'Updated' }).click()
  await page.getByText('Version: 3.0.14 → 3.0.15').waitFor()
  await console.shot('inventory-changes')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page
    .getByRole('button', { name: /Change/ })
    .first()
    .click()
  await page.getByRole('option', { name: 'Removed' }).click()
  await page.getByRole('link', { name: 'curl' }).waitFor()
  await page.setViewportSize(PHONE)
  await console.shot('inventory-changes-360')
})

test('INV-18 INV-20 a query is completed, run, shared and told when it is wrong', async () => {
  await using console = await Console.signedIn('/')
  const { page, server } = console
  const [first] = await aFleet(server)
  await console.go('/inventory/query')
  await page.locator('.cm-content').click()
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Delete')
  await page.keyboard.type('select name, count(*) as nodes from appl')
  await page.getByRole('option', { name: /^application/ }).click()
  await page.keyboard.type(' group by 1 order by 2 desc')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('row', { name: /openssl 3/ }).waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('inventory-query')
  await page.reload()
  await page.getByRole('row', { name: /openssl 3/ }).waitFor()
  await page.setViewportSize(PHONE)
  await console.shot('inventory-query-360')
  await page.setViewportSize(DESK)
  await console.go('/inventory/query?q=select+absent+from+application')
  await page.getByText('no such column: absent').waitFor()

  await console.go(`/nodes/${first}?tab=inventory`)
  await page.getByRole('row', { name: /zsh/ }).first().waitFor()
  await page.getByRole('button', { name: /AWS:Application/ }).click()
  await page.getByRole('option', { name: /Custom:RackInfo/ }).click()
  await page.getByRole('row', { name: /B 12/ }).waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.setViewportSize({ width: 1280, height: 1200 })
  await console.shot('inventory-node')
  await page.getByRole('button', { name: 'Bill of materials' }).click()
  const saved = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'SPDX 2.3' }).click()
  assert.equal((await saved).suggestedFilename(), `${first}.spdx.json`)
})

test('INV-15 a custom type is deleted after a dry run has said how much that is', async () => {
  await using console = await Console.signedIn('/')
  const { page, server } = console
  await aFleet(server)
  await console.go('/inventory')
  await page.getByRole('button', { name: 'Delete Custom:RackInfo' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('What 1 node reported').waitFor()
  await console.shot('inventory-delete')
  await dialog.getByLabel('To confirm, type Custom:RackInfo').fill('Custom:RackInfo')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('Custom:RackInfo is being deleted').waitFor()
  await page.getByRole('link', { name: 'Custom:RackInfo' }).waitFor({ state: 'detached' })
  await page.getByRole('row', { name: /Custom:RackInfo.*0 of 1 report/ }).waitFor()
  await console.shot('inventory-deletions')
})

test('CON-09 somebody who may not read the inventory is told so', async () => {
  await using console = await Console.open()
  await console.signInLimited('/inventory')
  await console.page.getByText('ssm:GetInventory').first().waitFor()
  await console.shot('inventory-forbidden')
})

test('EXP-06 a data sync is created, told why it fails, and deleted', async () => {
  await using console = await Console.signedIn('/inventory/syncs')
  const { page, server } = console
  await page.getByText('No data syncs').waitFor()
  await server.client(S3Client).send(new CreateBucketCommand({ Bucket: 'fleet' }))
  await page.getByRole('button', { name: 'Create data sync' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('all')
  await dialog.getByLabel('Bucket').fill('nowhere-at-all')
  await dialog.getByRole('button', { name: 'Create data sync' }).click()
  await dialog.getByText('ResourceDataSyncInvalidConfigurationException').waitFor()
  await dialog.getByLabel('Bucket').fill('fleet')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('inventory-sync-create')
  await dialog.getByRole('button', { name: 'Create data sync' }).click()
  await page.getByText('all was created').waitFor()
  await server.settle()
  await page.getByText('Successful', { exact: true }).waitFor()
  await console.shot('inventory-syncs')
  await page.getByRole('button', { name: 'Delete all' }).click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('all was deleted').waitFor()
})

test('EXP-07 Regions are gathered, and looked at together in inventory, SQL and compliance', async () => {
  await using console = await Console.signedIn('/')
  const { page, server } = console
  await aFleet(server)
  await console.go('/inventory/syncs')
  await page.getByRole('button', { name: 'Gather Regions' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('europe')
  await dialog.getByLabel('Regions', { exact: true }).fill('eu-west-1')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('inventory-gather')
  await dialog.getByRole('button', { name: 'Gather Regions' }).click()
  await page.getByText('Gathers eu-west-1').waitFor()
  await page.getByRole('button', { name: 'Edit europe' }).click()
  await dialog.getByLabel('All Regions where there are nodes').check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Gathers eu-west-1, all Regions with nodes').waitFor()

  await console.go('/inventory')
  await page.getByRole('button', { name: 'Regions This one' }).click()
  await page.getByRole('option', { name: 'europe' }).click()
  await page.getByRole('heading', { name: 'Nodes by Region' }).waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.setViewportSize({ width: 1280, height: 1500 })
  await console.shot('inventory-regions')
  await console.go('/inventory/query?sync=europe&q=select+region,+count(*)+as+n+from+application+group+by+1')
  await page.getByRole('row', { name: /us-east-1/ }).waitFor()
  await console.shot('inventory-query-regions')
  await console.go('/compliance?sync=europe')
  await page.getByRole('button', { name: 'Regions europe' }).waitFor()
})
