import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import {
  CreateDocumentCommand,
  DeregisterManagedInstanceCommand,
  GetDocumentCommand,
  type SendCommandCommandInput,
  UpdateDocumentCommand,
} from '@aws-sdk/client-ssm'
import { parseSendCommand } from '@steward/protocol'
import { type FakeAgent, startServer, type TestServer } from '@steward/testkit'
import { RunCommand } from '../testing/run-command.ts'

/** A server with a connected node, for requests to it. */
async function start(): Promise<{ server: TestServer; node: FakeAgent; run: RunCommand }> {
  const server = await startServer()
  return { server, node: await server.fakeNode(), run: new RunCommand(server) }
}

test('X-11 RC-07 RC-28 the answer is the whole command', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const sent = await run.send({ InstanceIds: [node.id], Parameters: { commands: ['echo hello', 'exit 3'] } })
  const { CommandId, RequestedDateTime, ExpiresAfter, ...rest } = sent
  assert.match(CommandId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.ok(RequestedDateTime && ExpiresAfter)
  assert.deepEqual(rest, {
    AlarmConfiguration: { Alarms: [], IgnorePollAlarmFailure: false },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
    Comment: '',
    CompletedCount: 0,
    DeliveryTimedOutCount: 0,
    DocumentName: 'AWS-RunShellScript',
    DocumentVersion: '$DEFAULT',
    ErrorCount: 0,
    InstanceIds: [node.id],
    MaxConcurrency: '50',
    MaxErrors: '0',
    NotificationConfig: { NotificationArn: '', NotificationEvents: [] },
    OutputS3BucketName: '',
    OutputS3KeyPrefix: '',
    OutputS3Region: 'us-east-1',
    Parameters: { commands: ['echo hello', 'exit 3'] },
    ServiceRole: '',
    Status: 'Pending',
    StatusDetails: 'Pending',
    TargetCount: 1,
    Targets: [],
    TimeoutSeconds: 3600,
    TriggeredAlarms: [],
  })
  assert.equal((await run.invocations(CommandId)).length, 1, 'the invocation exists at once')
})

test('RC-28 TargetCount is 0 at first with Targets, even if they are ids', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const sent = await run.send({ Targets: [{ Key: 'InstanceIds', Values: [node.id] }] })
  assert.deepEqual([sent.TargetCount, sent.InstanceIds], [0, []])
  await node.runNext()
  assert.equal((await run.untilCommand(sent.CommandId, 'Success/Success')).TargetCount, 1)
})

test('RC-04 all settings are kept and shown again', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const settings = {
    Comment: 'x'.repeat(100),
    OutputS3BucketName: 'my-bucket',
    OutputS3KeyPrefix: 'a/prefix',
    OutputS3Region: 'eu-west-1',
    CloudWatchOutputConfig: { CloudWatchOutputEnabled: true, CloudWatchLogGroupName: 'a-group' },
    MaxConcurrency: '10%',
    MaxErrors: '5%',
    TimeoutSeconds: 60,
    DocumentVersion: '$LATEST',
  }
  const sent = await run.send({ Targets: [{ Key: 'InstanceIds', Values: [node.id] }], ...settings })
  for (const command of [sent, await run.command(sent.CommandId)]) {
    for (const [name, value] of Object.entries(settings)) {
      assert.deepEqual((command as unknown as Record<string, unknown>)[name], value, name)
    }
  }
  const content = parseSendCommand((await node.nextJob()).content)
  assert.deepEqual(
    [
      content.outputS3BucketName,
      content.outputS3KeyPrefix,
      content.cloudWatchLogGroupName,
      content.cloudWatchOutputEnabled,
    ],
    ['my-bucket', 'a/prefix', 'a-group', true],
  )
})

test('RC-01 the node gets the document and the parameters in their types', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const content = {
    schemaVersion: '2.2',
    parameters: {
      lines: { type: 'StringList' },
      word: { type: 'String' },
      text: { type: 'String', default: 'none' },
    },
    mainSteps: [{ action: 'aws:runShellScript', name: 'theStep', inputs: { runCommand: '{{ lines }}' } }],
  }
  await run.ssm.send(
    new CreateDocumentCommand({ Name: 'Typed', DocumentType: 'Command', Content: JSON.stringify(content) }),
  )
  const sent = await run.send({
    InstanceIds: [node.id],
    DocumentName: 'Typed',
    Parameters: { lines: ['a', 'b'], word: ['7'] },
  })
  const job = await node.nextJob()
  assert.equal(job.jobId, `aws.ssm.${sent.CommandId}.${node.id}`)
  assert.match(job.topic, /^aws\.ssm\.sendCommand/)
  const told = parseSendCommand(job.content)
  assert.deepEqual([told.commandId, told.documentName], [sent.CommandId, 'Typed'])
  assert.deepEqual(told.documentContent, content)
  assert.deepEqual(told.parameters, { lines: ['a', 'b'], word: '7' })
})

test('RC-01 the version of the document is the one that was asked for when the command was sent', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const content = (line: string) => {
    const step = { action: 'aws:runShellScript', name: 'theStep', inputs: { runCommand: [line] } }
    return JSON.stringify({ schemaVersion: '2.2', mainSteps: [step] })
  }
  await run.ssm.send(new CreateDocumentCommand({ Name: 'Versions', DocumentType: 'Command', Content: content('one') }))
  const update = { Name: 'Versions', DocumentVersion: '$LATEST', Content: content('two') }
  await run.ssm.send(new UpdateDocumentCommand(update))
  for (const [DocumentVersion, line] of [
    [undefined, 'one'],
    ['$DEFAULT', 'one'],
    ['$LATEST', 'two'],
    ['2', 'two'],
    ['1', 'one'],
  ] as const) {
    const sent = await run.send({ InstanceIds: [node.id], DocumentName: 'Versions', DocumentVersion, Parameters: {} })
    assert.equal(sent.DocumentVersion, DocumentVersion ?? '$DEFAULT')
    assert.match((await node.runNext()).content, new RegExp(line))
  }
  const wrong = run.send({ InstanceIds: [node.id], DocumentName: 'Versions', DocumentVersion: '3', Parameters: {} })
  await assert.rejects(wrong, { name: 'InvalidDocumentVersion' })
})

test('RC-01 RC-08 INV-01 a document that is unknown, no Command, or for associations only is refused', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const Content = JSON.stringify({
    schemaVersion: '0.3',
    mainSteps: [{ name: 'wait', action: 'aws:sleep', inputs: { Duration: 'PT1S' } }],
  })
  await run.ssm.send(new CreateDocumentCommand({ Name: 'Runbook', DocumentType: 'Automation', Content }))
  for (const DocumentName of ['Runbook', 'Nowhere', 'AWS-GatherSoftwareInventory']) {
    await assert.rejects(run.send({ InstanceIds: [node.id], DocumentName, Parameters: {} }), {
      name: 'InvalidDocument',
    })
  }
  assert.deepEqual(await run.listIds(), [])
})

test('RC-02 a hash must be that of the content', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const { Content } = await run.ssm.send(new GetDocumentCommand({ Name: 'AWS-RunShellScript' }))
  const right = hash('sha256', Content!)
  const send = (more: Partial<SendCommandCommandInput>) => run.send({ InstanceIds: [node.id], ...more })
  await send({ DocumentHash: right, DocumentHashType: 'Sha256' })
  await send({ DocumentHash: right })
  await send({ DocumentHash: hash('sha1', Content!), DocumentHashType: 'Sha1' })
  const wrong = send({ DocumentHash: hash('sha256', 'other'), DocumentHashType: 'Sha256' })
  await assert.rejects(wrong, { name: 'InvalidDocument' })
  await assert.rejects(send({ DocumentHash: right, DocumentHashType: 'Sha1' }), { name: 'InvalidDocument' })
})

test('RC-03 RC-03a ExpiresAfter is the time to deliver and the time that the steps may run', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const steps = (...timeouts: (string | number | undefined)[]) =>
    JSON.stringify({
      schemaVersion: '2.2',
      parameters: { limit: { type: 'String', default: '10' } },
      mainSteps: timeouts.map((timeoutSeconds, index) => ({
        action: 'aws:runShellScript',
        name: `step${index}`,
        inputs: { runCommand: ['true'], timeoutSeconds },
      })),
    })
  const documents: [Name: string, Content: string][] = [
    ['one-5', steps(5)],
    ['5-and-7', steps('5', '7')],
    ['none', steps(undefined)],
    ['reference', steps('{{ limit }}')],
    ['nought', steps('0')],
  ]
  for (const [Name, Content] of documents)
    await run.ssm.send(new CreateDocumentCommand({ Name, DocumentType: 'Command', Content }))
  const shell = { DocumentName: 'AWS-RunShellScript', Parameters: { commands: ['true'] } }
  const cases: [input: Partial<SendCommandCommandInput>, seconds: number][] = [
    [shell, 7200],
    [{ ...shell, TimeoutSeconds: 30 }, 3630],
    [{ ...shell, TimeoutSeconds: 30, Parameters: { commands: ['true'], executionTimeout: ['60'] } }, 90],
    [{ ...shell, TimeoutSeconds: 30, Parameters: { commands: ['true'], executionTimeout: ['4'] } }, 3630],
    [{ DocumentName: 'one-5', TimeoutSeconds: 30 }, 35],
    [{ DocumentName: '5-and-7', TimeoutSeconds: 30 }, 42],
    [{ DocumentName: 'none', TimeoutSeconds: 30 }, 3630],
    [{ DocumentName: 'reference', TimeoutSeconds: 30 }, 3630],
    [{ DocumentName: 'reference', TimeoutSeconds: 30, Parameters: { limit: ['20'] } }, 50],
    [{ DocumentName: 'nought', TimeoutSeconds: 30 }, 3630],
    [{ ...shell, TimeoutSeconds: 2_592_000 }, 2_595_600],
  ]
  for (const [input, seconds] of cases) {
    const sent = await run.send({ InstanceIds: [node.id], Parameters: {}, ...input })
    const total = (sent.ExpiresAfter!.getTime() - sent.RequestedDateTime!.getTime()) / 1000
    assert.equal(total, seconds, JSON.stringify(input))
    assert.equal(sent.TimeoutSeconds, input.TimeoutSeconds ?? 3600)
  }
})

test('RC-03b what the agent gets is at most 100,000 bytes, escapes included', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const send = (text: string) => run.send({ InstanceIds: [node.id], Parameters: { commands: [text] } })
  await send('x'.repeat(95_000))
  await send('"'.repeat(47_000))
  await assert.rejects(send('x'.repeat(100_000)), { name: 'MaxDocumentSizeExceeded', message: /97 KB/ })
  await assert.rejects(send('"'.repeat(50_000)), { name: 'MaxDocumentSizeExceeded' })
  await assert.rejects(send('é'.repeat(50_000)), { name: 'MaxDocumentSizeExceeded' })
})

test('RC-06 parameters are checked before anything is stored', async () => {
  const { server, node, run } = await start()
  await using _ = server
  for (const [Parameters, message] of [
    [{}, /"commands" requires a value/],
    [{ commands: ['true'], colour: ['red'] }, /"colour" is not defined/],
    [{ commands: [] }, /commands/],
    [{ commands: ['true'], workingDirectory: ['a', 'b'] }, /exactly one value/],
  ] as const) {
    const sent = run.send({ InstanceIds: [node.id], Parameters: Parameters as Record<string, string[]> })
    await assert.rejects(sent, { name: 'InvalidParameters', message })
  }
  assert.deepEqual(await run.listIds(), [])
  await server.settle()
  assert.deepEqual(node.received, [])
})

test('X-06 what the model forbids is a ValidationException', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const ids = Array.from({ length: 51 }, (_, index) => `mi-${index.toString(16).padStart(17, '0')}`)
  const target = { Key: 'tag:role', Values: ['web'] }
  for (const more of [
    { TimeoutSeconds: 29 },
    { TimeoutSeconds: 2_592_001 },
    { Comment: 'x'.repeat(101) },
    { MaxConcurrency: '0' },
    { MaxConcurrency: '101%' },
    { MaxConcurrency: 'many' },
    { MaxErrors: '-1' },
    { MaxErrors: '101%' },
    { OutputS3BucketName: 'ab' },
    { OutputS3KeyPrefix: 'x'.repeat(501) },
    { InstanceIds: ids },
    { InstanceIds: ['nonsense'] },
    { InstanceIds: undefined, Targets: Array.from({ length: 6 }, () => target) },
    { InstanceIds: undefined, Targets: [{ ...target, Key: `tag:${'x'.repeat(160)}` }] },
    { InstanceIds: undefined, Targets: [{ Key: 'tag:x', Values: Array.from({ length: 51 }, String) }] },
    { DocumentVersion: 'latest' },
    { DocumentHashType: 'Md5' as 'Sha1' },
  ] satisfies Partial<SendCommandCommandInput>[]) {
    const sent = run.send({ InstanceIds: [node.id], ...more })
    await assert.rejects(sent, { name: 'ValidationException', message: /validation error/ }, JSON.stringify(more))
  }
})

test('T-02 T-03 nodes are named once, are known, and not beside targets', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const gone = await server.fakeNode()
  await run.ssm.send(new DeregisterManagedInstanceCommand({ InstanceId: gone.id }))
  const targets = (Key: string, ...Values: string[]) => ({ Targets: [{ Key, Values }] })
  const unknown = 'mi-00000000000000000'
  const cases: [Partial<SendCommandCommandInput>, name: string, message: RegExp][] = [
    [{ InstanceIds: [node.id, node.id] }, 'DuplicateInstanceId', new RegExp(node.id)],
    [{ InstanceIds: [node.id, unknown] }, 'InvalidInstanceId', new RegExp(unknown)],
    [{ InstanceIds: [gone.id] }, 'InvalidInstanceId', new RegExp(gone.id)],
    [{ InstanceIds: ['i-0123456789abcdef0'] }, 'InvalidInstanceId', /i-0123456789abcdef0/],
    [{ InstanceIds: [node.id], ...targets('tag:a', 'b') }, 'ValidationException', /together/],
    [{}, 'ValidationException', /no target/],
    [{ InstanceIds: [], Targets: [] }, 'ValidationException', /no target/],
    [targets('InstanceIds', '*'), 'ValidationException', /associations/],
    [targets('colour', 'red'), 'ValidationException', /tag:<name>/],
    [targets('tag:', 'red'), 'ValidationException', /tag:<name>/],
    [targets('tag:role'), 'ValidationException', /no values/],
    [targets('resource-groups:Name', 'a', 'b'), 'ValidationException', /one group/],
  ]
  for (const [input, name, message] of cases) {
    await assert.rejects(run.send(input), { name, message }, JSON.stringify(input))
  }
  assert.deepEqual(await run.listIds(), [])
})

test('RC-08 a document that does not support the platform of a named node is refused', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const windows = await server.fakeNode({ platformType: 'Windows' })
  const sent = run.send({ InstanceIds: [node.id, windows.id] })
  await assert.rejects(sent, { name: 'UnsupportedPlatformType', message: new RegExp(windows.id) })
  const fresh = await server.fakeNode({ platformType: null })
  await run.send({ InstanceIds: [fresh.id] })
})

test('RC-08 a name that no bucket can have is refused', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const send = (OutputS3BucketName: string) => run.send({ InstanceIds: [node.id], OutputS3BucketName })
  for (const wrong of ['s3://bucket', 'bucket/folder', 'my bucket']) {
    await assert.rejects(send(wrong), { name: 'InvalidOutputFolder' })
  }
  assert.deepEqual(await run.listIds(), [])
  await send('Old_Bucket.of-1999')
})

test('RC-05 what no topic would get, and no role would send, is refused', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const NotificationArn = 'arn:aws:sns:us-east-1:000000000000:topic'
  const ServiceRoleArn = 'arn:aws:iam::000000000000:role/notify'
  const send = (more: Partial<SendCommandCommandInput>) => run.send({ InstanceIds: [node.id], ...more })
  const noTopic = { ServiceRoleArn, NotificationConfig: { NotificationArn: 'topic' } }
  await assert.rejects(send(noTopic), { name: 'InvalidNotificationConfig' })
  const onlyEvents = { ServiceRoleArn, NotificationConfig: { NotificationEvents: ['All' as const] } }
  await assert.rejects(send(onlyEvents), { name: 'InvalidNotificationConfig' })
  await assert.rejects(send({ NotificationConfig: { NotificationArn } }), { name: 'InvalidRole' })
  for (const wrong of [
    'x',
    'notify',
    'arn:aws:s3:::x',
    'arn:aws:iam::000000000000:user/notify',
    'arn:aws:iam::000000000000:role/',
    'arn:aws:iam::111111111111:role/notify',
    'arn:aws:sts::000000000000:assumed-role/notify/me',
  ]) {
    const sent = send({ ServiceRoleArn: wrong, NotificationConfig: { NotificationArn } })
    await assert.rejects(sent, { name: 'InvalidRole' }, wrong)
  }
  const sent = await send({ ServiceRoleArn, NotificationConfig: { NotificationArn } })
  assert.deepEqual(sent.NotificationConfig, {
    NotificationArn,
    NotificationEvents: ['All'],
    NotificationType: 'Command',
  })
})

test('T-15 alarms that nobody would watch are refused', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const Alarms = [{ Name: 'cpu' }]
  const alarmed = run.send({ InstanceIds: [node.id], AlarmConfiguration: { Alarms } })
  await assert.rejects(alarmed, { name: 'ValidationException', message: /cpu/ })
  const ignored = { Alarms, IgnorePollAlarmFailure: true }
  const sent = await run.send({ InstanceIds: [node.id], AlarmConfiguration: ignored })
  assert.deepEqual(sent.AlarmConfiguration, ignored)
})

test('a command belongs to its Region: nodes, lists and look-ups do not see over the border', async () => {
  const { server, node, run } = await start()
  await using _ = server
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const elsewhere = new RunCommand(server, 'eu-west-1')
  await assert.rejects(elsewhere.send({ InstanceIds: [node.id] }), { name: 'InvalidInstanceId' })
  await assert.rejects(elsewhere.cancel(CommandId), { name: 'InvalidCommandId' })
  await assert.rejects(elsewhere.invocation(CommandId, node), { name: 'InvocationDoesNotExist' })
  assert.deepEqual(await elsewhere.listIds(), [])
  assert.deepEqual(await elsewhere.invocations(CommandId), [])
})
