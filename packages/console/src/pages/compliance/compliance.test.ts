import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PutComplianceItemsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { Console } from '#testing/console.ts'

const ITEMS = {
  disk: { Id: 'disk', Title: 'Root disk has room', Severity: 'CRITICAL', Status: 'NON_COMPLIANT' },
  ntp: { Id: 'ntp', Title: 'Clock is kept', Severity: 'LOW', Status: 'COMPLIANT' },
} as const

/** Three nodes, two with a role; one fails, one is well, one has told nothing. */
async function aFleet(console: Console): Promise<readonly string[]> {
  const { server } = console
  const [bad, good] = await server.fakeNodes(2, { tags: { role: 'web' } })
  const [silent] = await server.fakeNodes(1, { tags: { role: 'db' } })
  await bad!.updateInformation({ ComputerName: 'web-1' })
  await good!.updateInformation({ ComputerName: 'web-2' })
  const put = (ResourceId: string, ...Items: (typeof ITEMS)[keyof typeof ITEMS][]) =>
    server.client(SSMClient).send(
      new PutComplianceItemsCommand({
        ...{ ResourceId, ResourceType: 'ManagedInstance', ComplianceType: 'Custom:Disk', Items },
        ExecutionSummary: { ExecutionTime: new Date(), ExecutionType: 'Check' },
      }),
    )
  await put(bad!.id, ITEMS.disk, ITEMS.ntp)
  await put(good!.id, ITEMS.ntp)
  await server.settle()
  return [bad!.id, good!.id, silent!.id]
}

test('CMP-04 CMP-05 CMP-10 compliance is seen by type and by tag, from where one gets to nodes, items and a command', async () => {
  await using console = await Console.open()
  const { page } = console
  const [bad] = await aFleet(console)
  await console.signIn('/compliance')
  await page.getByText('of 3 nodes compliant with everything').waitFor()
  await page
    .getByRole('img', { name: /Custom:Disk, nodes not compliant over the last 30 days: 0 at first, 1 now/ })
    .waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByLabel('Compare by').click()
  await page.getByRole('option', { name: 'Tag role' }).click()
  await page.getByRole('row', { name: /web.*1 of 2/ }).waitFor()
  await console.shot('compliance')
  await page.getByRole('button', { name: 'db', exact: true }).click()
  await page.getByText('of 1 node compliant with everything').waitFor()
  assert.match(page.url(), /key=tag%3Arole&value=db/)
  await page.getByRole('button', { name: 'Show all nodes' }).click()

  await page.getByRole('link', { name: 'Root disk has room' }).click()
  await page.getByRole('heading', { name: 'Custom:Disk', level: 1 }).waitFor()
  await page.getByRole('link', { name: 'web-1' }).waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('compliance-items')
  await page.getByRole('button', { name: 'All items' }).click()
  await page.getByRole('tab', { name: 'Nodes' }).click()
  await page.getByRole('link', { name: 'web-1' }).waitFor()
  assert.equal(await page.getByRole('link', { name: 'web-2' }).count(), 0, 'only what is not compliant was asked for')
  await page.getByRole('checkbox', { name: 'Select all' }).check()
  await console.shot('compliance-nodes')
  await page.getByRole('link', { name: 'Run command' }).last().click()
  await page.waitForURL(new RegExp(`nodes=${bad}`))

  await console.go(`/nodes/${bad}?tab=compliance`)
  await page.getByText('1 of 2 items not compliant').waitFor()
  await page.getByRole('row', { name: /Root disk has room.*Critical/ }).waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('compliance-node')
})

test('CMP-04 without reports the page says where they come from; without permission, why it is empty', async () => {
  await using console = await Console.signedIn('/compliance')
  const { page } = console
  await page.getByText('Nothing was reported yet').waitFor()
  await console.shot('compliance-empty')
  await console.signOut()
  await console.signInLimited('/compliance', 'ssm:ListComplianceItems')
  await page.getByText('ssm:ListResourceComplianceSummaries').first().waitFor()
  await console.shot('compliance-forbidden')
})
