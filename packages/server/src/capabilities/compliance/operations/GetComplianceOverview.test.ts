import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GetComplianceOverviewRequest, GetComplianceOverviewResult } from '@steward/model/generated/steward.ts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { jsonCall, type RawCall, rawCall } from '#door/testing/raw-call.ts'
import { aUser } from '#iam/testing/a-user.ts'
import { ComplianceClient, item } from '../testing/compliance-client.ts'

const HOUR = 3600 * 1000

function ask(server: TestServer, input: GetComplianceOverviewRequest, more: RawCall = {}) {
  return jsonCall(server, 'Steward.GetComplianceOverview', input, { service: 'steward', ...more })
}

async function overview(server: TestServer, input: GetComplianceOverviewRequest = {}) {
  const answer = await ask(server, input)
  assert.equal(answer.status, 200, answer.text)
  return answer.json as unknown as Required<GetComplianceOverviewResult>
}

async function fleet(server: TestServer) {
  const tagged = (role: string) => ({ Tags: [{ Key: 'role', Value: role }] })
  const web = await FakeNode.enrol(server, tagged('web'), { ComputerName: 'web.example' })
  const db = await FakeNode.enrol(server, tagged('db'))
  const silent = await FakeNode.enrol(server)
  const compliance = new ComplianceClient(server)
  const failing = [item('a NON_COMPLIANT HIGH', { Title: 'Disk full' }), item('b NON_COMPLIANT LOW')]
  await compliance.put(web.id, { Items: [...failing, item('c COMPLIANT LOW')] })
  await compliance.put(web.id, { ComplianceType: 'Patch', Items: [item('k NON_COMPLIANT CRITICAL')] })
  await compliance.put(db.id, { Items: [failing[0]!] })
  await server.advance(HOUR)
  await compliance.put(db.id, { Items: [item('a COMPLIANT HIGH')] })
  await server.advance(HOUR)
  return { web, db, silent, compliance }
}

for (const database of DATABASES) {
  test(`CMP-10 the overview counts nodes by state, severity, type and tag, and names what fails (${database})`, async () => {
    await using server = await startServer({ database })
    const { web } = await fleet(server)
    const seen = await overview(server, { GroupBy: 'tag:role' })
    const critical = [{ Severity: 'CRITICAL', Nodes: 1 }]
    assert.deepEqual(seen.Nodes, { Total: 3, Compliant: 1, NonCompliant: 1, Unreported: 1, Severities: critical })
    const at = 1795255810.5
    assert.deepEqual(seen.Types, [
      {
        ComplianceType: 'Custom:Disk',
        Compliant: 1,
        NonCompliant: 1,
        CompliantItems: 2,
        NonCompliantItems: 2,
        Severities: [{ Severity: 'HIGH', Nodes: 1 }],
        LatestExecution: at,
      },
      {
        ComplianceType: 'Patch',
        Compliant: 0,
        NonCompliant: 1,
        CompliantItems: 0,
        NonCompliantItems: 1,
        Severities: critical,
        LatestExecution: at,
      },
    ])
    assert.deepEqual(
      seen.Groups.map(({ Value, Total, Compliant, NonCompliant, Unreported }) => [
        Value,
        Total,
        Compliant,
        NonCompliant,
        Unreported,
      ]),
      [
        [undefined, 1, 0, 0, 1],
        ['db', 1, 1, 0, 0],
        ['web', 1, 0, 1, 0],
      ],
    )
    assert.deepEqual(seen.Worst, [
      {
        InstanceId: web.id,
        Name: 'web.example',
        Severity: 'CRITICAL',
        NonCompliantItems: 3,
        ComplianceTypes: ['Custom:Disk', 'Patch'],
      },
    ])
    const [first, ...others] = seen.FailingItems
    assert.deepEqual(first, { ComplianceType: 'Custom:Disk', Id: 'a', Title: 'Disk full', Severity: 'HIGH', Nodes: 1 })
    assert.deepEqual(
      others.map(({ Id }) => Id),
      ['b', 'k'],
    )
  })

  test(`CMP-10 the trend tells how it was, node by node and type by type (${database})`, async () => {
    await using server = await startServer({ database })
    const { db } = await fleet(server)
    const start = server.house.clock.now().getTime() - 3 * HOUR
    const since = { Since: start / 1000, TrendPoints: 4 } as unknown as GetComplianceOverviewRequest
    const disk = ({ Trend }: Required<GetComplianceOverviewResult>) =>
      Trend.map(({ Types }) => {
        const of = Types?.find(({ ComplianceType }) => ComplianceType === 'Custom:Disk')
        return of ? [of.Compliant, of.NonCompliant] : []
      })
    assert.deepEqual(disk(await overview(server, since)).slice(1), [
      [0, 2],
      [1, 1],
      [1, 1],
    ])
    const one = await overview(server, { ...since, Targets: [{ Key: 'InstanceIds', Values: [db.id] }] })
    assert.deepEqual(disk(one).slice(1), [
      [0, 1],
      [1, 0],
      [1, 0],
    ])
    assert.equal((await overview(server)).Trend.length, 31)
  })

  test(`CMP-10 RG-16 the overview is of a group, of tags, of what nodes tell, of some types (${database})`, async () => {
    await using server = await startServer({ database })
    const { web, silent } = await fleet(server)
    const Query = { ResourceTypeFilters: ['AWS::AllSupported'], TagFilters: [{ Key: 'role', Values: ['web'] }] }
    const ResourceQuery = { Type: 'TAG_FILTERS_1_0', Query: JSON.stringify(Query) }
    const body = JSON.stringify({ Name: 'webs', ResourceQuery })
    const made = await rawCall(server, { target: '/groups', service: 'resource-groups', body })
    assert.equal(made.status, 200, made.text)
    const counts = async (input: GetComplianceOverviewRequest) => {
      const { Nodes, Types, Worst } = await overview(server, input)
      return [Nodes.Total, Nodes.NonCompliant, Types.length, Worst.length]
    }
    const key = 'resource-groups:Name'
    assert.deepEqual(await counts({ Targets: [{ Key: key, Values: ['webs'] }] }), [1, 1, 2, 1])
    assert.deepEqual(await counts({ Targets: [{ Key: key, Values: ['none'] }] }), [0, 0, 0, 0])
    assert.deepEqual(await counts({ Targets: [{ Key: 'tag:role', Values: ['db'] }] }), [1, 0, 1, 0])
    assert.deepEqual(await counts({ Filters: [{ Key: 'ComputerName', Values: ['web.example'] }] }), [1, 1, 2, 1])
    assert.deepEqual(await counts({ ComplianceTypes: ['Patch'] }), [3, 1, 1, 1])
    assert.deepEqual(await counts({ Targets: [{ Key: 'InstanceIds', Values: [web.id, silent.id] }] }), [2, 1, 2, 1])
  })
}

test('CMP-10 X-12 the overview takes the permission to list the same, and refuses what it does not know', async () => {
  await using server = await startServer()
  const statements = [{ Effect: 'Allow', Action: 'ssm:ListResourceComplianceSummaries', Resource: '*' }]
  const credentials = await aUser(server, 'ann', { statements })
  const refused = await ask(server, {}, { credentials })
  assert.equal(refused.json.__type, 'AccessDeniedException')
  assert.match(refused.text, /ssm:ListComplianceItems/)
  const bad = async (input: object, code: string, message: RegExp) => {
    const answer = await ask(server, input)
    assert.equal(answer.json.__type, code, answer.text)
    assert.match(answer.text, message)
  }
  await bad({ GroupBy: 'Colour' }, 'InvalidFilter', /Colour is not known of nodes/)
  await bad({ Since: 4102444800 }, 'InvalidFilter', /not in the past/)
  await bad({ Targets: [{ Key: 'resource-groups:Colour', Values: ['x'] }] }, 'InvalidTarget', /resource-groups:Name/)
  await bad({ TrendPoints: 1 }, 'ValidationException', /2/)
})
