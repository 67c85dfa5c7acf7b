import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SearchCommandOutputsResult } from '@steward/model/generated/steward.ts'
import { DATABASES, eventually, startServer, type TestServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { RunCommand } from '../testing/run-command.ts'

const STEP = 'aws:runShellScript'

for (const database of DATABASES) {
  test(`RC-21 lines are found on every node, in short outputs and in long ones (${database})`, async () => {
    await using server = await startServer({ database })
    const run = new RunCommand(server)
    const [one, two] = await server.fakeNodes(2)
    const id = await run.sendTo([one!, two!], { MaxConcurrency: '100%', MaxErrors: '100%' })
    await one!.runNext({ code: 1, stdout: 'fine\nDisk FULL: /var\n', stderr: 'disk full too' })
    const job = await two!.nextJob()
    two!.ack(job)
    const long = `${'x'.repeat(20_000)}\nthe d`
    const say = (offset: number, text: string) =>
      two!.output(job, { step: STEP, stream: 'stdout', offset, data: Buffer.from(text) })
    say(0, long)
    say(long.length, 'isk full here')
    const expected = [
      `${one!.id} stdout 2 Disk FULL: /var`,
      `${one!.id} stderr 1 disk full too`,
      `${two!.id} stdout 2 the disk full here`,
    ].toSorted()
    await eventually(async () => assert.deepEqual((await found(server, { CommandId: id })).toSorted(), expected))
    two!.finish(job, { stdout: `${'x'.repeat(100)}--output truncated--` })
    await run.untilState(id, two!, 'Success/Success 0')
    assert.deepEqual((await found(server, { CommandId: id, MaxResults: 1 })).toSorted(), expected)
    assert.deepEqual(await found(server, { CommandId: id, Query: 'nowhere' }), [])
  })
}

test('RC-21 a search needs a command and a step that there is', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const node = await server.fakeNode()
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const refused = async (request: object) =>
    (await jsonCall(server, 'Steward.SearchCommandOutputs', request, { service: 'steward' })).json.__type
  assert.equal(await refused({ CommandId: CommandId.replace(/.$/, 'g'), Query: 'x' }), 'InvalidCommandId')
  assert.equal(await refused({ CommandId, Query: 'x', PluginName: 'other' }), 'InvalidPluginName')
  assert.equal(await refused({ CommandId }), 'ValidationException')
})

/** Every match of all pages. */
async function found(server: TestServer, request: { CommandId: string; Query?: string; MaxResults?: number }) {
  const matches: string[] = []
  for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
    const input = { Query: 'disk full', ...request, NextToken }
    const { status, json, text } = await jsonCall(server, 'Steward.SearchCommandOutputs', input, { service: 'steward' })
    assert.equal(status, 200, text)
    const page = json as SearchCommandOutputsResult
    for (const match of page.Matches ?? [])
      matches.push([match.InstanceId, match.StreamName, match.LineNumber, match.Text].join(' '))
    NextToken = page.NextToken
  }
  return matches
}
