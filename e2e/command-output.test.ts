/** RC-04: output of commands in a bucket and a log group of the same installation, from a real agent. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { ListCommandInvocationsCommand } from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'
import { Installation } from './installation.ts'
import { sendShell, untilInvocation } from './run-command.ts'

test('RC-04 RC-20 output is in the bucket and, while the command runs, in the log group', async () => {
  await using steward = await Installation.start()
  const client = { endpoint: steward.url, region: steward.region, credentials: steward.rootKey }
  const s3 = new S3Client({ ...client, forcePathStyle: true })
  const logs = new CloudWatchLogsClient(client)
  await s3.send(new CreateBucketCommand({ Bucket: 'outputs' }))
  const [agent] = await steward.startAgents(1)
  const gate = `${steward.folder}/gate`
  const id = await sendShell(
    steward.ssm,
    ['echo first', `while [ ! -e ${gate} ] && [ -d ${steward.folder} ]; do sleep 0.1; done`, 'echo last', 'exit 3'],
    {
      InstanceIds: [agent!.id],
      OutputS3BucketName: 'outputs',
      OutputS3KeyPrefix: 'runs',
      CloudWatchOutputConfig: { CloudWatchOutputEnabled: true },
    },
  )
  const logGroupName = '/aws/ssm/AWS-RunShellScript'
  const logged = async () => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }))
    return events.map(({ logStreamName, message }) => [logStreamName, message])
  }
  const stream = (name: string) => `${id}/${agent!.id}/aws-runShellScript/${name}`
  await eventually(async () => (await logged()).length === 1)
  assert.deepEqual(await logged(), [[stream('stdout'), 'first']])
  writeFileSync(gate, '')
  const invocation = await untilInvocation(steward.ssm, id, agent!, 'Failed')
  assert.deepEqual((await logged()).slice(1).sort(), [
    [stream('stderr'), 'failed to run commands: exit status 3'],
    [stream('stdout'), 'last'],
  ])
  const folder = `runs/${id}/${agent!.id}/awsrunShellScript/0.awsrunShellScript`
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'outputs' }))
  assert.deepEqual(
    Contents.map(({ Key }) => Key),
    [`${folder}/stderr`, `${folder}/stdout`],
  )
  const stdout = await s3.send(new GetObjectCommand({ Bucket: 'outputs', Key: `${folder}/stdout` }))
  assert.equal(await stdout.Body!.transformToString(), 'first\nlast\n')
  assert.equal(invocation.StandardOutputUrl, `https://s3.${steward.region}.amazonaws.com/outputs/${folder}/stdout`)
})

test('RC-04 a bucket that is not there costs the command nothing, and says so', async () => {
  await using steward = await Installation.start()
  const [agent] = await steward.startAgents(1)
  const id = await sendShell(steward.ssm, ['echo hello'], { InstanceIds: [agent!.id], OutputS3BucketName: 'nowhere' })
  await untilInvocation(steward.ssm, id, agent!, 'Success')
  const { CommandInvocations } = await steward.ssm.send(new ListCommandInvocationsCommand({ CommandId: id }))
  assert.match(CommandInvocations![0]!.TraceOutput!, /^The bucket did not take stdout: NoSuchBucket: /)
})
