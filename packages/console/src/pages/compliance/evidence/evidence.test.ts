import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { ComplianceClient, item } from '@steward/server/capabilities/compliance/testing/compliance-client.ts'
import { EvidenceClient } from '@steward/server/capabilities/evidence/testing/evidence-client.ts'
import { Console } from '#testing/console.ts'

test('CMP-10 evidence is made, read, verified, downloaded, signed and scheduled', async () => {
  await using console = await Console.signedIn('/compliance')
  const { page, server } = console
  const [node] = await server.fakeNodes(2, { connected: false })
  await new ComplianceClient(server).put(node!.id, { Items: [item('a NON_COMPLIANT HIGH'), item('b COMPLIANT LOW')] })
  await page.getByRole('link', { name: 'Evidence' }).click()
  await page.getByText('No evidence reports').waitFor()
  await console.shot('evidence-empty')
  await page.getByRole('button', { name: 'Make report' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Third quarter')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('evidence-make')
  await dialog.getByRole('button', { name: 'Make report' }).click()
  await page.getByRole('heading', { name: 'Third quarter', level: 1 }).waitFor()
  await server.settle()
  await page.getByRole('row', { name: /Custom:Disk 0 1 1/ }).waitFor()

  await page.getByRole('button', { name: 'Verify digest' }).click()
  await page.getByText('The CSV file has the digest of the report').waitFor()
  const [report] = await new EvidenceClient(server).reports()
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Report as CSV' }).click(),
  ])
  const bytes = await readFile(await csv.path())
  assert.equal(createHash('sha256').update(bytes).digest('hex'), report!.Digest)
  const [pdf] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Report as PDF' }).click(),
  ])
  assert.match(pdf.suggestedFilename(), /^evidence-.*\.pdf$/)

  await page.getByRole('button', { name: 'Sign', exact: true }).click()
  await dialog.getByLabel('I accept what it says').check()
  await dialog.getByLabel('Comment').fill('Seen with the platform team')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('evidence-sign')
  await dialog.getByRole('button', { name: 'Sign', exact: true }).click()
  await page.getByRole('row', { name: /root.*Accepted.*Seen with the platform team/ }).waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.setViewportSize({ width: 1280, height: 1500 })
  await console.shot('evidence-report')
  await page.setViewportSize({ width: 360, height: 2200 })
  await console.shot('evidence-report-360')
  await page.setViewportSize({ width: 1280, height: 900 })

  await console.go('/compliance/evidence?tab=schedules')
  await page.getByRole('button', { name: 'Make schedule' }).click()
  await dialog.getByLabel('Name').fill('monthly')
  await dialog.getByLabel('Time zone').fill('Europe/Berlin')
  await page.setViewportSize({ width: 1280, height: 1500 })
  await console.shot('evidence-schedule')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await dialog.getByRole('button', { name: 'Make schedule' }).click()
  await page.getByRole('row', { name: /monthly.*Europe\/Berlin/ }).waitFor()
  await console.shot('evidence-schedules')
  await page.getByRole('tab', { name: 'Reports' }).click()
  await page.getByRole('row', { name: /Third quarter.*0 of 2.*Accepted/ }).waitFor()
  await console.shot('evidence')
  await page.getByRole('link', { name: 'Third quarter' }).click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('No evidence reports').waitFor()
})

test('CON-09 somebody who may not read evidence is told so', async () => {
  await using console = await Console.open()
  await console.signInLimited('/compliance/evidence')
  await console.page.getByText('steward:ListEvidenceReports').first().waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
})
