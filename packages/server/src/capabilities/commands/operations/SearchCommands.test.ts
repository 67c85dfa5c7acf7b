import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SearchCommandsResult } from '@steward/model/generated/steward.ts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { RunCommand } from '../testing/run-command.ts'

for (const database of DATABASES) {
  test(`RC-23 commands are found by whatever is known of them, with who started them (${database})`, async () => {
    await using server = await startServer({ database })
    const run = new RunCommand(server)
    const [one, two] = await server.fakeNodes(2)
    for (const node of [one!, two!]) node.autoRun()
    const uptime = await run.send({ InstanceIds: [one!.id], Comment: 'Look', Parameters: { commands: ['uptime'] } })
    const restart = await run.send({ InstanceIds: [two!.id], Parameters: { commands: ['systemctl restart NGINX'] } })
    const noop = await run.send({ InstanceIds: [two!.id], DocumentName: 'AWS-Noop', Parameters: {} })
    for (const { CommandId } of [uptime, restart, noop]) await run.untilCommand(CommandId, 'Success/Success')
    const names = new Map([
      [uptime.CommandId, 'uptime'],
      [restart.CommandId, 'restart'],
      [noop.CommandId, 'noop'],
    ])
    const found = async (request: object) => {
      const { Commands, TotalCount } = await search(server, request)
      return [Commands!.map(({ CommandId }) => names.get(CommandId!)).join(), TotalCount]
    }
    assert.deepEqual(await found({}), ['noop,restart,uptime', 3])
    assert.deepEqual(await found({ Texts: ['nginx', 'shell'] }), ['restart', 1])
    assert.deepEqual(await found({ Texts: ['look'] }), ['uptime', 1])
    assert.deepEqual(await found({ Texts: ['%'] }), ['', 0])
    assert.deepEqual(await found({ Texts: ['parameters'] }), ['', 0])
    assert.deepEqual(await found({ InstanceId: two!.id, SortOrder: 'Ascending' }), ['restart,noop', 2])
    assert.deepEqual(await found({ DocumentNames: ['AWS-Noop'], Statuses: ['Success'] }), ['noop', 1])
    assert.deepEqual(await found({ Statuses: ['Failed'] }), ['', 0])
    assert.deepEqual(await found({ SortBy: 'DocumentName', SortOrder: 'Ascending', Skip: 1 }), ['uptime,restart', 3])
    const first = await search(server, { MaxResults: 2 })
    const rest = await search(server, { MaxResults: 2, NextToken: first.NextToken })
    assert.deepEqual([first.Commands?.length, rest.Commands?.length, rest.NextToken], [2, 1, undefined])
    assert.match(first.Commands?.[0]?.Origin ?? '', /:root$/)
  })
}

async function search(server: TestServer, request: object): Promise<SearchCommandsResult> {
  const { status, json, text } = await jsonCall(server, 'Steward.SearchCommands', request, { service: 'steward' })
  assert.equal(status, 200, text)
  return json as SearchCommandsResult
}
