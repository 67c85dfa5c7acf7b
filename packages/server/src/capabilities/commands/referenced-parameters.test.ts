import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { CreateDocumentCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { parseSendCommand } from '@steward/protocol'
import { startServer } from '@steward/testkit'
import { aUser } from '#iam/testing/a-user.ts'
import { RunCommand } from './testing/run-command.ts'

async function start() {
  const server = await startServer()
  const ssm = server.client(SSMClient)
  const node = await server.fakeNode()
  const put = (Name: string, Value: string, Type: 'String' | 'StringList' | 'SecureString' = 'String') =>
    ssm.send(new PutParameterCommand({ Name, Value, Type, Overwrite: true }))
  return {
    server,
    ssm,
    node,
    put,
    run: new RunCommand(server),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

test('DOC-09 references to Parameter Store reach the node as values, and are shown as they were asked for', async () => {
  await using it = await start()
  await it.put('/app/word', 'hello')
  await it.put('/app/word', 'goodbye')
  await it.put('list', 'a,b', 'StringList')
  const commands = ['echo {{ssm:/app/word}} {{ ssm:/app/word:1 }}', 'echo {{ssm:list}}', 'echo {{ other }}']
  const sent = await it.run.send({ InstanceIds: [it.node.id], Parameters: { commands } })
  assert.deepEqual(sent.Parameters, { commands })
  const told = parseSendCommand((await it.node.nextJob()).content)
  assert.deepEqual(told.parameters, { commands: ['echo goodbye hello', 'echo a,b', 'echo {{ other }}'] })
})

test('DOC-09 a document may refer too, and what is resolved is checked like any value', async () => {
  await using it = await start()
  await it.put('size', 'large')
  const content = {
    schemaVersion: '2.2',
    parameters: { size: { type: 'String', default: '{{ssm:size}}', allowedValues: ['large', '{{ssm:size}}'] } },
    mainSteps: [
      { action: 'aws:runShellScript', name: 'step', inputs: { runCommand: ['echo {{ size }} {{ssm:size}}'] } },
    ],
  }
  const document = { Name: 'Sized', DocumentType: 'Command', Content: JSON.stringify(content) } as const
  await it.ssm.send(new CreateDocumentCommand(document))
  const to = { DocumentName: 'Sized', InstanceIds: [it.node.id] }
  await it.run.send({ ...to, Parameters: {} })
  const told = JSON.stringify(parseSendCommand((await it.node.nextJob()).content).documentContent)
  assert.match(told, /"default":"large"/)
  assert.match(told, /echo \{\{ size \}\} large/)
  await it.put('size', 'small')
  await assert.rejects(it.run.send({ ...to, Parameters: { size: ['{{ssm:size}}'] } }), { name: 'InvalidParameters' })
})

test('DOC-09 what is not there, and a SecureString, are refused before anything is sent', async () => {
  await using it = await start()
  await it.put('secret', 'hidden', 'SecureString')
  const send = (text: string) => it.run.send({ InstanceIds: [it.node.id], Parameters: { commands: [`echo ${text}`] } })
  await assert.rejects(send('{{ssm:secret}}'), { name: 'InvalidParameters', message: /ssm:secret is a SecureString/ })
  await assert.rejects(send('{{ssm:nothing}}'), { name: 'InvalidParameters', message: /ssm:nothing was not found/ })
  await assert.rejects(send('{{ssm:secret:7}}'), { name: 'InvalidParameters' })
})

test('DOC-09 X-12 whoever sends a reference must be allowed to read what it refers to', async () => {
  await using it = await start()
  await it.put('/open/word', 'v')
  await it.put('/closed/word', 'v')
  const arn = 'arn:aws:ssm:us-east-1:000000000000:parameter'
  const statements = [
    { Effect: 'Allow', Action: 'ssm:SendCommand', Resource: '*' },
    { Effect: 'Allow', Action: 'ssm:GetParameters', Resource: `${arn}/open/*` },
  ]
  const credentials = await aUser(it.server, 'sender', { statements })
  const run = new RunCommand(it.server, undefined, credentials)
  const send = (text: string) => run.send({ InstanceIds: [it.node.id], Parameters: { commands: [text] } })
  await send('{{ssm:/open/word}}')
  await assert.rejects(send('{{ssm:/closed/word}}'), {
    name: 'AccessDeniedException',
    message: new RegExp(`ssm:GetParameters on resource: ${arn}/closed/word`),
  })
})

/** What the newest record of a command names, of this account, without what is the same for all. */
async function newestRecord({ server }: Awaited<ReturnType<typeof start>>) {
  const LookupAttributes = [{ AttributeKey: 'EventName', AttributeValue: 'SendCommand' } as const]
  const trail = server.client(CloudTrailClient)
  const { Events = [] } = await trail.send(new LookupEventsCommand({ LookupAttributes }))
  const record = JSON.parse(Events[0]!.CloudTrailEvent!) as { errorCode?: string; resources: { ARN: string }[] }
  const named = record.resources.map(({ ARN }) => ARN).filter((arn) => arn.startsWith('arn:'))
  return { errorCode: record.errorCode, named: named.map((arn) => arn.replace(/^.*:/, '')) }
}

test('X-19 the record of a command names the parameters that it took, those of its document too, whoever sent it', async () => {
  await using it = await start()
  for (const name of ['/app/word', 'size', '/closed/word']) await it.put(name, 'v')
  const runCommand = ['echo {{ word }} {{ssm:size}}']
  const content = {
    schemaVersion: '2.2',
    parameters: { word: { type: 'String' } },
    mainSteps: [{ action: 'aws:runShellScript', name: 'step', inputs: { runCommand } }],
  }
  const document = { Name: 'Sized', DocumentType: 'Command', Content: JSON.stringify(content) } as const
  await it.ssm.send(new CreateDocumentCommand(document))
  const node = `managed-instance/${it.node.id}`
  const sized = { DocumentName: 'Sized', InstanceIds: [it.node.id], Parameters: { word: ['{{ssm:/app/word:1}}'] } }
  const names = ['document/Sized', node, 'parameter/size', 'parameter/app/word']
  await it.run.send(sized)
  assert.deepEqual(await newestRecord(it), { errorCode: undefined, named: names })

  const statements = [{ Effect: 'Allow', Action: '*', Resource: '*' }]
  const closed = { Effect: 'Deny', Action: 'ssm:GetParameters', Resource: 'arn:aws:ssm:*:*:parameter/closed/*' }
  const credentials = await aUser(it.server, 'sender', { statements: [...statements, closed] })
  const run = new RunCommand(it.server, undefined, credentials)
  await run.send(sized)
  assert.deepEqual((await newestRecord(it)).named, names)

  const Parameters = { commands: ['echo {{ssm:/closed/word}}'] }
  const refused = { named: ['document/AWS-RunShellScript', node, 'parameter/closed/word'], errorCode: 'AccessDenied' }
  await assert.rejects(run.send({ InstanceIds: [it.node.id], Parameters }), { name: 'AccessDeniedException' })
  assert.deepEqual(await newestRecord(it), refused)
})

test('X-12 X-19 nodes whose ids are targets are named and must be allowed like InstanceIds; those with a tag are not listed', async () => {
  await using it = await start()
  const Targets = [{ Key: 'instanceids', Values: [it.node.id, 'mi-0123456789abcdef0'] }]
  const shell = 'document/AWS-RunShellScript'
  await it.run.send({ Targets })
  const nodes = [it.node.id, 'mi-0123456789abcdef0'].map((id) => `managed-instance/${id}`)
  assert.deepEqual((await newestRecord(it)).named, [shell, ...nodes])
  await it.run.send({ Targets: [{ Key: 'tag:env', Values: ['dev'] }] })
  assert.deepEqual((await newestRecord(it)).named, [shell])

  const arn = `arn:aws:ssm:us-east-1:000000000000:managed-instance/${it.node.id}`
  const Resource = ['arn:aws:ssm:*::document/*', arn]
  const credentials = await aUser(it.server, 'sender', {
    statements: [{ Effect: 'Allow', Action: 'ssm:SendCommand', Resource }],
  })
  const run = new RunCommand(it.server, undefined, credentials)
  await run.sendTo([it.node])
  await assert.rejects(run.send({ Targets }), {
    name: 'AccessDeniedException',
    message: /on resource: \S+:managed-instance\/mi-0123456789abcdef0 /,
  })
})
