import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateDocumentCommand, GetCommandInvocationCommand, waitUntilCommandExecuted } from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { RunCommand } from '../testing/run-command.ts'

const UNKNOWN = '00000000-0000-4000-8000-000000000000'
const ONE_STEP = 'aws:runShellScript'

test('RC-19 RC-28 while it runs there are no times and no code; afterwards there are', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const node = await server.fakeNode()
  const { CommandId } = await run.send({ InstanceIds: [node.id], Comment: 'why' })
  const job = await node.nextJob()
  node.ack(job)
  await run.untilState(CommandId, node, 'InProgress/InProgress -1')
  const { $metadata: _, ...open } = await run.invocation(CommandId, node)
  assert.deepEqual(open, {
    CommandId,
    InstanceId: node.id,
    Comment: 'why',
    DocumentName: 'AWS-RunShellScript',
    DocumentVersion: '$DEFAULT',
    PluginName: ONE_STEP,
    ResponseCode: -1,
    ExecutionEndDateTime: '',
    Status: 'InProgress',
    StatusDetails: 'InProgress',
    StandardOutputContent: '',
    StandardOutputUrl: '',
    StandardErrorContent: '',
    StandardErrorUrl: '',
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
  })
  node.finish(job, {
    code: 3,
    stdout: 'hello\n',
    stderr: 'oops\n',
    startDateTime: '2026-01-01T00:00:00.500Z',
    endDateTime: '2026-01-01T00:00:02.750Z',
  })
  await run.untilState(CommandId, node, 'Failed/Failed 3')
  const ended = await run.invocation(CommandId, node)
  assert.equal(ended.ExecutionStartDateTime, '2026-01-01T00:00:00.500Z')
  assert.equal(ended.ExecutionElapsedTime, 'PT2.25S')
  assert.equal(ended.ExecutionEndDateTime, '2026-01-01T00:00:02.500Z', 'start and whole seconds')
  assert.deepEqual([ended.StandardOutputContent, ended.StandardErrorContent], ['hello\n', 'oops\n'])
})

test('RC-19 years that the agent does not know are not shown', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const node = await server.fakeNode()
  const year1 = '0001-01-01T00:00:00.000Z'
  node.autoRun(() => ({ code: 1, name: '', startDateTime: year1, endDateTime: year1, stdout: 'worker died' }))
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  await run.untilState(CommandId, node, 'Failed/Failed 1')
  const { ExecutionStartDateTime, ExecutionElapsedTime, ExecutionEndDateTime } = await run.invocation(CommandId, node)
  assert.deepEqual([ExecutionStartDateTime, ExecutionElapsedTime, ExecutionEndDateTime], [undefined, undefined, ''])
})

test('RC-19 RC-20 long output is cut, and says so', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const node = await server.fakeNode()
  for (const [length, out, err] of [
    [8000, 8000, 8000],
    [8001, 8001, 8000],
    [24_000, 24_000, 8000],
    [24_001, 24_000, 8000],
  ] as const) {
    node.autoRun(() => ({ stdout: 'o'.repeat(length), stderr: 'e'.repeat(length) }))
    const { CommandId } = await run.send({ InstanceIds: [node.id] })
    await run.untilState(CommandId, node, 'Success/Success 0')
    const { StandardOutputContent: o, StandardErrorContent: e } = await run.invocation(CommandId, node)
    assert.deepEqual([o!.length, e!.length], [out, err])
    assert.equal(o!.endsWith('--output truncated--'), length > out)
    assert.equal(e!.endsWith('--output truncated--'), length > err)
    assert.ok(o!.startsWith('ooo') && e!.startsWith('eee'))
  }
})

test('RC-20 with a bucket the answer says where the agent has put the output', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const node = await server.fakeNode()
  const { CommandId } = await run.send({
    InstanceIds: [node.id],
    OutputS3BucketName: 'my-bucket',
    OutputS3KeyPrefix: 'a/prefix',
  })
  const outputS3KeyPrefix = `a/prefix/${CommandId}/${node.id}/awsrunShellScript`
  const stepName = '0.awsrunShellScript'
  await node.runNext({ outputS3BucketName: 'my-bucket', outputS3KeyPrefix, stepName })
  await run.untilState(CommandId, node, 'Success/Success 0')
  const { StandardOutputUrl, StandardErrorUrl } = await run.invocation(CommandId, node)
  const folder = `https://s3.us-east-1.amazonaws.com/my-bucket/${outputS3KeyPrefix}/${stepName}`
  assert.deepEqual([StandardOutputUrl, StandardErrorUrl], [`${folder}/stdout`, `${folder}/stderr`])
})

test('RC-19 with several steps the plugin name chooses one; without it the answer is for the whole', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const node = await server.fakeNode()
  const step = (name: string) => ({ action: 'aws:runShellScript', name, inputs: { runCommand: ['true'] } })
  const Content = JSON.stringify({ schemaVersion: '2.2', mainSteps: [step('first'), step('second')] })
  await run.ssm.send(new CreateDocumentCommand({ Name: 'Steps', DocumentType: 'Command', Content }))
  const { CommandId } = await run.send({ InstanceIds: [node.id], DocumentName: 'Steps', Parameters: {} })
  const job = await node.nextJob()
  const look = async (name?: string) => {
    const found = await run.invocation(CommandId, node, name)
    return [found.PluginName, found.Status, found.ResponseCode, found.StandardOutputContent]
  }
  node.ack(job)
  await node.untilAcknowledged(node.reply(job, { status: 'InProgress', steps: { first: { code: 5, stdout: 'one' } } }))
  assert.deepEqual(await look('first'), ['first', 'Failed', 5, 'one'])
  assert.deepEqual(await look('second'), ['second', 'InProgress', -1, ''])
  assert.deepEqual(await look(), ['', 'InProgress', -1, ''])
  await node.untilAcknowledged(node.reply(job, { status: 'InProgress', steps: { second: { stdout: 'two' } } }))
  await node.untilAcknowledged(node.reply(job, { status: 'Failed' }))
  assert.deepEqual(await look('second'), ['second', 'Success', 0, 'two'])
  assert.deepEqual(await look(), ['', 'Failed', 5, ''])
  await assert.rejects(look('third'), { name: 'InvalidPluginName', message: /first, second/ })
})

test('RC-19 a step that ended a moment before its document does not end the invocation', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const node = await server.fakeNode()
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const job = await node.nextJob()
  await node.untilAcknowledged(node.reply(job, { status: 'InProgress', steps: { [ONE_STEP]: { stdout: 'done' } } }))
  for (const name of [undefined, ONE_STEP]) {
    const { Status, ResponseCode } = await run.invocation(CommandId, node, name)
    assert.deepEqual([Status, ResponseCode], ['InProgress', -1])
  }
  node.finish(job, { stdout: 'done' })
  await run.untilState(CommandId, node, 'Success/Success 0')
})

test('RC-19 an unknown pair of command and node is InvocationDoesNotExist', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const [node, other] = await server.fakeNodes(2)
  const { CommandId } = await run.send({ InstanceIds: [node!.id] })
  await assert.rejects(run.invocation(CommandId, other!), { name: 'InvocationDoesNotExist' })
  await assert.rejects(run.invocation(UNKNOWN, node!), { name: 'InvocationDoesNotExist' })
  await assert.rejects(run.invocation(CommandId, node!, 'nothing'), { name: 'InvalidPluginName' })
  await assert.rejects(run.invocation('short', node!), { name: 'ValidationException' })
  const input = { CommandId, InstanceId: undefined }
  await assert.rejects(run.ssm.send(new GetCommandInvocationCommand(input)), { name: 'ValidationException' })
})

test('RC-19 the waiter of the SDK waits for success and fails for everything else', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const node = await server.fakeNode()
  const wait = (CommandId: string) =>
    waitUntilCommandExecuted(
      { client: run.ssm, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
      { CommandId, InstanceId: node.id },
    )
  const one = await run.sendTo([node])
  const waiting = wait(one)
  await node.runNext()
  assert.equal((await waiting).state, 'SUCCESS')
  const two = await run.sendTo([node])
  await node.runNext({ code: 1 })
  await run.untilState(two, node, 'Failed/Failed 1')
  await assert.rejects(wait(two))
})
