import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { TestNode } from '#testing/test-node.ts'

test('a registered machine connects, tells who it is and announces itself as our agent', async () => {
  await using node = await TestNode.connected()
  const health = await node.server.until('health', () =>
    node.server.calls.find(({ operation }) => operation === 'UpdateInstanceInformation'),
  )
  assert.equal(health.input.AgentName, 'steward-agent')
  assert.equal(health.input.InstanceId, node.server.nodeId)
  assert.equal(node.server.upgradeHeaders['x-steward-agent'], '0.1.0')
})

test('a command is acknowledged, runs, and is told in the order of the protocol', async () => {
  await using node = await TestNode.connected()
  const command = node.server.sendScript('echo hello', 'echo oops >&2', 'exit 3')
  const final = await node.server.final(command)
  assert.equal((await node.server.ack(command)).statusCode, '200')
  assert.equal(final.documentStatus, 'Failed')
  assert.deepEqual(final.statusCounts, { Failed: 1 })
  const { code, status, name, standardOutput, standardError, output } = final.steps.run!
  assert.deepEqual([code, status, name], [3, 'Failed', 'aws:runShellScript'])
  assert.equal(standardOutput, 'hello\n')
  assert.equal(standardError, 'oops\nfailed to run commands: exit status 3')
  assert.equal(output, 'hello\n\n----------ERROR-------\noops\nfailed to run commands: exit status 3')
  const told = node.server.repliesOf(command).map(({ documentStatus, steps }) => [documentStatus, Object.keys(steps)])
  assert.deepEqual(told, [
    ['InProgress', []],
    ['InProgress', ['run']],
    ['Failed', ['run']],
  ])
})

test('RC-26 neither parameters nor output nor credentials are in the log', async () => {
  await using node = await TestNode.connected()
  const document = {
    schemaVersion: '2.2',
    parameters: { word: { type: 'String' } },
    mainSteps: [{ action: 'aws:runShellScript', name: 'run', inputs: { runCommand: ['echo {{ word }}'] } }],
  }
  const final = await node.server.final(node.server.send(document, { word: 'sesame' }))
  assert.equal(final.steps.run!.standardOutput, 'sesame\n')
  assert.doesNotMatch(node.lines.join('\n'), /sesame|ASIATEST|secret/)
})

test('AGT-11 scripts find the node and its command in their environment', async () => {
  await using node = await TestNode.connected()
  const names = ['AWS_SSM_INSTANCE_ID', 'AWS_SSM_REGION_NAME', 'SSM_COMMAND_ID', 'AWS_SHARED_CREDENTIALS_FILE']
  const command = node.server.sendScript(...names.map((name) => `echo $${name}`))
  const lines = (await node.server.final(command)).steps.run!.standardOutput.split('\n')
  assert.deepEqual(lines.slice(0, 3), [node.server.nodeId, 'us-east-1', command.commandId])
  assert.match(await readFile(lines[3]!, 'utf8'), /aws_access_key_id = ASIATEST/)
})
