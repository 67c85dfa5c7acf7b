/** The commands of the manual, typed into the AWS CLI as it is. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { eventually } from '@steward/testkit'
import { type Agent, Installation } from './installation.ts'

const present = spawnSync('aws', ['--version']).status === 0

test('E2E-02 the AWS CLI sends, waits, looks and cancels', { skip: !present && 'there is no AWS CLI' }, async () => {
  await using steward = await Installation.start()
  const [agent] = (await steward.startAgents(1, { role: 'web' })) as [Agent]
  const ssm = (...words: string[]) => aws(steward, 'ssm', ...words)
  const value = async (...words: string[]) => {
    const { code, out, err } = await ssm(...words, '--output', 'text')
    assert.equal(code, 0, err)
    return out.trim()
  }
  const online = ['describe-instance-information', '--query', 'InstanceInformationList[].[InstanceId,PingStatus]']
  assert.equal(await value(...online), `${agent.id}\tOnline`)

  const send = (line: string, ...words: string[]) =>
    value(
      ...[
        'send-command',
        '--document-name',
        'AWS-RunShellScript',
        '--parameters',
        `commands=${JSON.stringify([line])}`,
      ],
      ...[...words, '--query', 'Command.CommandId'],
    )
  const invocation = (id: string) => ['--command-id', id, '--instance-id', agent.id]
  const failed = await send('echo hello; exit 3', '--targets', `Key=InstanceIds,Values=${agent.id}`)
  const waited = await ssm('wait', 'command-executed', ...invocation(failed))
  assert.equal(waited.code, 255, waited.err)
  assert.match(waited.err, /Waiter CommandExecuted failed: .*Failed/)
  const shown = '[Status,StatusDetails,ResponseCode,StandardOutputContent]'
  assert.equal(
    await value('get-command-invocation', ...invocation(failed), '--query', shown),
    'Failed\tFailed\t3\thello',
  )

  const well = await send(
    'uptime',
    '--targets',
    'Key=tag:role,Values=web',
    '--max-concurrency',
    '50%',
    '--comment',
    'up?',
  )
  assert.equal((await ssm('wait', 'command-executed', ...invocation(well))).code, 0)
  const filter = ['--filters', 'key=Status,value=Success', 'key=DocumentName,value=AWS-RunShellScript']
  assert.equal(await value('list-commands', ...filter, '--query', 'Commands[].[CommandId,Comment]'), `${well}\tup?`)
  const plugins = 'CommandInvocations[].CommandPlugins[].[Name,Status,ResponseCode]'
  const details = ['list-command-invocations', '--command-id', failed, '--details', '--query', plugins]
  assert.equal(await value(...details), 'aws:runShellScript\tFailed\t3')

  const long = await send('sleep 600', '--instance-ids', agent.id)
  await value('cancel-command', '--command-id', long)
  await eventually(async () => {
    assert.equal(await value('get-command-invocation', ...invocation(long), '--query', 'Status'), 'Cancelled')
  })
  const wrong = await ssm('cancel-command', '--command-id', long.replace(/.$/, 'x'))
  assert.match(wrong.err, /An error occurred \(InvalidCommandId\) when calling the CancelCommand operation/)
})

function aws(steward: Installation, ...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = {
    PATH: process.env.PATH,
    HOME: steward.folder,
    AWS_ENDPOINT_URL: steward.url,
    AWS_REGION: steward.region,
    AWS_DEFAULT_REGION: steward.region,
    AWS_ACCESS_KEY_ID: steward.rootKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: steward.rootKey.secretAccessKey,
  }
  return new Promise((resolve) => {
    execFile('aws', words, { env, encoding: 'utf8' }, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, err })
    })
  })
}
