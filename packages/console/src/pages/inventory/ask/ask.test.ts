import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { FakeAgent } from '@steward/testkit'
import { Console } from '#testing/console.ts'

const DESK = { width: 1280, height: 1500 }

/** Takes the next question; the function that it resolves to answers with rows. */
async function takes(node: FakeAgent) {
  const job = await node.nextJob()
  node.ack(job)
  return (rows: readonly object[], more: { code?: number; stderr?: string } = {}) => {
    const stdout = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    const status = more.code ? 'Failed' : 'Success'
    node.reply(job, { status, steps: { runShellScript: { stdout, ...more } } })
  }
}

const SSHD = { protocol: 'tcp', address: '0.0.0.0', port: 22, user: 'root', pid: 711, process: 'sshd' }
const NGINX = { protocol: 'tcp', address: '::', port: 443, user: 'www-data', pid: 902, process: 'nginx' }
const HOSTILE = { ...NGINX, port: 8080, process: '<img src=x onerror="window.harmed=1">\u001b[2J' }

test('INV-19 nodes are asked, rows come in as they answer, equal ones together, and the address finds them again', async () => {
  await using console = await Console.signedIn('/inventory', { size: DESK })
  const { page, server } = console
  const tags = { role: 'web' }
  const nodes = await server.fakeNodes(4, { tags })
  const away = await server.fakeNode({ tags, connected: false, platformType: null })
  await page.getByRole('link', { name: 'Ask now' }).click()
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('Choose at least one node.').waitFor()
  await page.getByRole('button', { name: /^Fact/ }).click()
  await page.getByRole('option', { name: /Listening ports/ }).click()
  await console.go('/inventory/ask?fact=listening-ports&on=tags&tag=role%3Dweb')
  await page.reload()
  await page.getByText('5 nodes match').waitFor()
  await console.shot('inventory-ask-question')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  const [one, two, , failing] = await Promise.all(nodes.map(takes))
  const [, , slowNode, failingNode] = nodes.map(({ id }) => `${id}.example`)
  one!([SSHD, NGINX])
  await page.getByText('1 of 5 nodes answered').waitFor()
  await page.getByRole('row', { name: /nginx/ }).waitFor()
  two!([SSHD, HOSTILE])
  failing!([], { code: 1, stderr: 'no awk here' })
  await page.getByText('2 of 5 nodes answered').waitFor()
  await page.getByText(`Failed: ${failingNode} (no awk here)`).waitFor()
  await page.getByText(`No answer yet: ${slowNode}`).waitFor()
  await page.getByText(`Offline, so not asked: ${away.id}`).waitFor()
  await page.getByRole('row', { name: /8080.*<img src=x onerror="window.harmed=1">$/ }).waitFor()
  await console.shot('inventory-ask')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await page.getByRole('button', { name: 'Equal rows together' }).click()
  await page.getByRole('row', { name: /^2 tcp 0\.0\.0\.0 22/ }).waitFor()
  await console.shot('inventory-ask-equal')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.reload()
  await page.getByRole('row', { name: /^2 tcp 0\.0\.0\.0 22/ }).waitFor()
  await page.getByText('Listening ports').first().waitFor()
  await page.getByRole('button', { name: 'Stop asking' }).click()
  await page.getByText(`Stopped before an answer came: ${slowNode}`).waitFor()
  await page.setViewportSize({ width: 360, height: 2600 })
  await console.shot('inventory-ask-360')
})

test('INV-19 a question that was asked elsewhere fills the form in; a file needs a path', async () => {
  await using console = await Console.signedIn('/', { size: DESK })
  const { page, server } = console
  const node = await server.fakeNode()
  const { Command } = await server.client(SSMClient).send(
    new SendCommandCommand({
      DocumentName: 'Steward-LiveQuery',
      InstanceIds: [node.id],
      Parameters: { Fact: ['file-hash'], Path: ['/etc/motd'] },
    }),
  )
  const answer = await takes(node)
  answer([{ path: '/etc/motd', state: 'absent', sha256: '', bytes: null }])
  await console.go(`/inventory/ask?command=${Command!.CommandId}`)
  await page.getByRole('row', { name: /absent/ }).waitFor()
  assert.equal(await page.getByRole('textbox', { name: 'File' }).inputValue(), '/etc/motd')
  await page.getByRole('textbox', { name: 'File' }).fill('motd')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('Give an absolute path').waitFor()
})

test('CON-09 somebody who may not ask is told so', async () => {
  await using console = await Console.open()
  const node = await console.server.fakeNode()
  await console.signInLimited(`/inventory/ask?nodes=${node.id}`, 'ssm:DescribeInstanceInformation')
  await console.page.getByRole('button', { name: 'Ask', exact: true }).click()
  await console.page.getByText('ssm:SendCommand').first().waitFor()
})
