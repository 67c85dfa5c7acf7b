import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paginateDescribeInstanceInformation, paginateListCommandInvocations } from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'
import { enrolNodes, Fleet } from '@steward/testkit/fleet.ts'
import { Installation } from './installation.ts'
import { sendShell, untilEnded } from './run-command.ts'

const NODES = 1_000
const PATIENCE_MS = 120_000
const TARGETS = { Targets: [{ Key: 'tag:role', Values: ['web'] }], MaxConcurrency: '100%' }

test('E2E-23 RC-25 a thousand agents: presence, one command to all, a server that dies in the middle of the next', async (t) => {
  await using steward = await Installation.start()
  const { ssm, url, region, rootKey } = steward
  const mbBefore = steward.serverMegabytes()
  const tag = { Key: 'role', Value: 'web' }
  const nodes = await enrolNodes({ url, region, rootKey, count: NODES, tag })
  await using fleet = new Fleet({ url, region }, nodes)
  const connecting = performance.now()
  await fleet.connect()
  t.diagnostic(`connected in ${Math.round(performance.now() - connecting)} ms`)
  await eventually(async () => assert.equal(await onlineCount(), NODES))

  const id = await timed('one command to all', () => sendShell(ssm, ['echo hello; exit 0'], TARGETS).then(ended))
  assert.deepEqual(await outcomes(id), { Success: NODES })
  assert.deepEqual([fleet.counts.commands, fleet.counts.duplicates], [NODES, 0])
  await eventually(() => fleet.counts.repliesUnacknowledged === 0)
  const mb = steward.serverMegabytes()
  t.diagnostic(`server: ${mbBefore} MB before, ${mb} MB now`)
  assert.ok(mb - mbBefore < 250, 'memory does not run away')

  const next = await sendShell(ssm, ['sleep 0.5; echo again; exit 3'], { ...TARGETS, MaxErrors: '100%' })
  await eventually(() => fleet.counts.commands > NODES + NODES / 4, PATIENCE_MS)
  await steward.killServer()
  await steward.startServer()
  await timed('everybody back', () => fleet.whenConnected())
  const command = await untilEnded(ssm, next, PATIENCE_MS)
  assert.deepEqual([command.TargetCount, command.CompletedCount, command.ErrorCount], [NODES, NODES, NODES])
  assert.deepEqual(await outcomes(next), { Failed: NODES })
  assert.equal(fleet.counts.commands, 2 * NODES, 'each node took each command once')

  async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now()
    const result = await work()
    t.diagnostic(`${what}: ${Math.round(performance.now() - began)} ms`)
    return result
  }

  async function ended(commandId: string): Promise<string> {
    const { Status, TargetCount, CompletedCount, ErrorCount } = await untilEnded(ssm, commandId, PATIENCE_MS)
    assert.deepEqual([Status, TargetCount, CompletedCount, ErrorCount], ['Success', NODES, NODES, 0])
    return commandId
  }

  async function onlineCount(): Promise<number> {
    let count = 0
    const Filters = [{ Key: 'PingStatus', Values: ['Online'] }]
    for await (const page of paginateDescribeInstanceInformation({ client: ssm, pageSize: 50 }, { Filters }))
      count += page.InstanceInformationList!.length
    return count
  }

  async function outcomes(CommandId: string): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    for await (const page of paginateListCommandInvocations({ client: ssm, pageSize: 50 }, { CommandId }))
      for (const { StatusDetails } of page.CommandInvocations!)
        counts[StatusDetails!] = (counts[StatusDetails!] ?? 0) + 1
    return counts
  }
})
