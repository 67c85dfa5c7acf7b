/** State Manager from the SDK through a real server to agents that keep a file as it should be. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import {
  CreateAssociationCommand,
  type CreateAssociationCommandInput,
  DescribeAssociationCommand,
  DescribeAssociationExecutionsCommand,
  ListResourceComplianceSummariesCommand,
  StartAssociationsOnceCommand,
  UpdateAssociationCommand,
} from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'
import { type Agent, Installation } from './installation.ts'

const Targets = [{ Key: 'tag:role', Values: ['web'] }]
const HALF_HOUR = 1800
const TEN_PAST = 600
const WITHIN_MS = 30_000

test('E2E-08 a file is kept in place on a schedule, compliance and events say how it went, and new nodes join', async () => {
  await using steward = await Installation.start({ STEWARD_TEST_MODE: '1' })
  // Not at the end of an hour, or what is due every hour would be due in between.
  await advance(steward, 3600 + TEN_PAST - ((Date.now() / 1000) % 3600))
  const told = await eventLog(steward)
  const [first] = (await steward.startAgents(1, { role: 'web' })) as [Agent]
  const kept = (agent: Agent) => join(steward.folder, `kept-${agent.id}`)
  const broken = join(steward.folder, 'broken')
  const commands = [`[ ! -e ${broken} ] || exit 7`, `echo as-wanted > ${steward.folder}/kept-$AWS_SSM_INSTANCE_ID`]
  const id = await create(steward, {
    AssociationName: 'keep-file',
    ScheduleExpression: 'rate(30 minutes)',
    ComplianceSeverity: 'HIGH',
    Parameters: { commands },
  })
  const only = await create(steward, {
    ScheduleExpression: 'cron(0 * * * ? *)',
    ApplyOnlyAtCronInterval: true,
    Parameters: { commands: [`date >> ${steward.folder}/hourly`] },
  })
  await eventually(() => existsSync(kept(first)), WITHIN_MS)
  await untilStatus(steward, id, { Success: 1 })
  assert.equal(await complianceOf(steward, first), 'COMPLIANT')
  assert.ok(!existsSync(join(steward.folder, 'hourly')), 'not before its time')

  rmSync(kept(first))
  await advance(steward, HALF_HOUR)
  await eventually(() => existsSync(kept(first)), WITHIN_MS)
  await advance(steward, HALF_HOUR)
  await untilStatus(steward, only, { Success: 1 })

  writeFileSync(broken, '')
  await steward.ssm.send(new StartAssociationsOnceCommand({ AssociationIds: [id] }))
  await untilStatus(steward, id, { Failed: 1 })
  assert.equal(await complianceOf(steward, first), 'NON_COMPLIANT')
  rmSync(broken)
  await advance(steward, HALF_HOUR)
  await untilStatus(steward, id, { Success: 1 })
  await eventually(async () => {
    const statuses = (await told('Configuration Compliance State Change')).map((detail) => detail['compliance-status'])
    assert.deepEqual(statuses.slice(-2), ['non_compliant', 'compliant'])
    const states = await told('EC2 State Manager Instance Association State Change')
    assert.ok(states.some((detail) => detail['instance-id'] === first.id && detail.status === 'Failed'))
    assert.ok((await told('EC2 State Manager Association State Change')).length > 0)
  }, WITHIN_MS)

  const [second] = (await steward.startAgents(1, { role: 'web' })) as [Agent]
  await eventually(() => existsSync(kept(second)), WITHIN_MS)
  await untilStatus(steward, id, { Success: 2 })

  const edited = { commands: [`echo edited > ${steward.folder}/kept-$AWS_SSM_INSTANCE_ID`] }
  await steward.ssm.send(
    new UpdateAssociationCommand({ AssociationId: id, Parameters: edited, ScheduleExpression: 'rate(1 hour)' }),
  )
  for (const agent of [first, second])
    await eventually(() => readFileSync(kept(agent), 'utf8') === 'edited\n', WITHIN_MS)
})

test('STM-04 kill -9 of the server in the middle of a roll-out: every node runs each due time once', async () => {
  await using steward = await Installation.start()
  const agents = await steward.startAgents(3, { role: 'web' })
  const runs = (agent: Agent) => {
    const file = join(steward.folder, `runs-${agent.id}`)
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0
  }
  const commands = ['sleep 1', `echo ran >> ${steward.folder}/runs-$AWS_SSM_INSTANCE_ID`]
  const id = await create(steward, { MaxConcurrency: '1', Parameters: { commands } })
  await eventually(() => agents.some((agent) => runs(agent) === 1), WITHIN_MS)
  await steward.killServer()
  await steward.startServer()
  await untilStatus(steward, id, { Success: 3 }, 120_000)
  assert.deepEqual(agents.map(runs), [1, 1, 1])
  const { AssociationExecutions } = await steward.ssm.send(
    new DescribeAssociationExecutionsCommand({ AssociationId: id }),
  )
  assert.deepEqual(
    AssociationExecutions!.map(({ Status, ResourceCountByStatus }) => `${Status} ${ResourceCountByStatus}`),
    ['Success {Success=3}'],
  )
})

async function create(steward: Installation, more: Partial<CreateAssociationCommandInput>): Promise<string> {
  const { AssociationDescription } = await steward.ssm.send(
    new CreateAssociationCommand({ Name: 'AWS-RunShellScript', Targets, ...more }),
  )
  return AssociationDescription!.AssociationId!
}

function untilStatus(
  { ssm }: Installation,
  AssociationId: string,
  counts: Record<string, number>,
  patienceMs = WITHIN_MS,
): Promise<void> {
  return eventually(async () => {
    const { AssociationDescription } = await ssm.send(new DescribeAssociationCommand({ AssociationId }))
    assert.deepEqual(AssociationDescription!.Overview!.AssociationStatusAggregatedCount, counts)
  }, patienceMs)
}

async function complianceOf({ ssm }: Installation, agent: Agent): Promise<string | undefined> {
  const Filters = [{ Key: 'ComplianceType', Values: ['Association'], Type: 'EQUAL' as const }]
  const { ResourceComplianceSummaryItems } = await ssm.send(new ListResourceComplianceSummariesCommand({ Filters }))
  return ResourceComplianceSummaryItems!.find(({ ResourceId }) => ResourceId === agent.id)?.Status
}

async function advance({ url }: Installation, advanceSeconds: number): Promise<void> {
  await fetch(`${url}/test/clock`, { method: 'POST', body: JSON.stringify({ advanceSeconds }) })
}

/** Has all events of nodes' state written to a log group; the answer gives the details of those of a kind, in their order. */
async function eventLog(steward: Installation) {
  const config = { endpoint: steward.url, region: steward.region, credentials: steward.rootKey }
  const [events, logs] = [new EventBridgeClient(config), new CloudWatchLogsClient(config)]
  const logGroupName = '/aws/events/state'
  await logs.send(new CreateLogGroupCommand({ logGroupName }))
  await events.send(new PutRuleCommand({ Name: 'state', EventPattern: '{"source":["aws.ssm"]}' }))
  const Arn = `arn:aws:logs:${steward.region}:000000000000:log-group:${logGroupName}`
  await events.send(new PutTargetsCommand({ Rule: 'state', Targets: [{ Id: 'log', Arn }] }))
  return async (detailType: string): Promise<Record<string, string>[]> => {
    const { events: written = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }))
    return written
      .map(({ message }) => JSON.parse(message!))
      .filter((event) => event['detail-type'] === detailType)
      .map(({ detail }) => detail)
  }
}
