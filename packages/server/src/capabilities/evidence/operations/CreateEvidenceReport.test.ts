import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { ComplianceClient, item } from '#capabilities/compliance/testing/compliance-client.ts'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { aUser } from '#iam/testing/a-user.ts'
import { EvidenceClient } from '../testing/evidence-client.ts'

const HOUR = 3600 * 1000
const TITLE = 'Disk «сервер» 磁盘 =cmd()'

/** Two nodes that reported, one twice and an hour apart, and one that never did. */
async function fleet(server: TestServer) {
  const tagged = (role: string) => ({ Tags: [{ Key: 'role', Value: role }] })
  const web = await FakeNode.enrol(server, tagged('web'), { ComputerName: 'web.example' })
  const db = await FakeNode.enrol(server, tagged('db'))
  const silent = await FakeNode.enrol(server, tagged('web'), { ComputerName: 'silent.example' })
  const compliance = new ComplianceClient(server)
  const disk = item('a NON_COMPLIANT HIGH', { Title: TITLE })
  await compliance.put(web.id, { Items: [disk, item('c COMPLIANT LOW')] })
  await compliance.put(web.id, { ComplianceType: 'Patch', Items: [item('k NON_COMPLIANT CRITICAL')] })
  await compliance.put(db.id, { Items: [item('a COMPLIANT HIGH')] })
  await server.advance(HOUR)
  await compliance.put(web.id, { Items: [disk, item('=late NON_COMPLIANT LOW'), item('c COMPLIANT LOW')] })
  return { web, db, silent, compliance, evidence: new EvidenceClient(server) }
}

for (const database of DATABASES) {
  test(`CMP-10 a report says who is in scope, what is not compliant since when, and who never reported (${database})`, async () => {
    await using server = await startServer({ database })
    const { web, db, silent, evidence } = await fleet(server)
    const report = await evidence.make()
    assert.equal(report.Status, 'Complete')
    assert.deepEqual(report.Nodes, { Total: 3, Reporting: 2, Compliant: 1, NonCompliant: 1, NeverReported: 1 })
    assert.deepEqual(report.Types, [
      {
        ComplianceType: 'Custom:Disk',
        Compliant: 1,
        NonCompliant: 1,
        CompliantItems: 2,
        NonCompliantItems: 2,
        Severities: [{ Severity: 'HIGH', Nodes: 1 }],
      },
      {
        ComplianceType: 'Patch',
        Compliant: 0,
        NonCompliant: 1,
        CompliantItems: 0,
        NonCompliantItems: 1,
        Severities: [{ Severity: 'CRITICAL', Nodes: 1 }],
      },
    ])
    const csv = await evidence.download(report.ReportId)
    assert.equal(createHash('sha256').update(csv).digest('hex'), report.Digest)
    assert.equal(csv.length, report.Size)
    assert.match(csv.toString(), /,'=late,/)

    const items = await evidence.rows(report.ReportId, 'Item')
    const [late, first] = [items.find(({ Id }) => Id === '=late')!, items.find(({ Id }) => Id === 'a')!]
    assert.deepEqual(
      [first.InstanceId, first.NodeName, first.Title, first.Severity],
      [web.id, 'web.example', TITLE, 'HIGH'],
    )
    assert.ok(
      Date.parse(late.Since!) - Date.parse(first.Since!) >= HOUR,
      'what was found again has been so since it was found first',
    )
    const nodes = (await evidence.rows(report.ReportId, 'Node')).map(({ InstanceId, Status }) => [InstanceId, Status])
    const wanted = [
      [web.id, 'NON_COMPLIANT'],
      [db.id, 'COMPLIANT'],
      [silent.id, 'NEVER_REPORTED'],
    ]
    assert.deepEqual(nodes.sort(), wanted.sort())
    const facts = new Map((await evidence.rows(report.ReportId, 'Report')).map(({ Id, Value }) => [Id, Value]))
    assert.deepEqual([facts.get('RequestedBy'), facts.get('Targets')], ['arn:aws:iam::000000000000:root', 'all nodes'])
    assert.equal(Number(facts.get('AuditRecords')), report.AuditRecords)
  })
}

test('CMP-10 a report is about some nodes or types, and does not change afterwards', async () => {
  await using server = await startServer()
  const { web, compliance, evidence } = await fleet(server)
  const Targets = [{ Key: 'tag:role', Values: ['web'] }]
  const ofWeb = await evidence.make({ Targets })
  assert.deepEqual([ofWeb.Nodes.Total, ofWeb.Nodes.NeverReported, ofWeb.Types.length], [2, 1, 2])
  const ofPatch = await evidence.make({ ComplianceTypes: ['Patch'] })
  assert.deepEqual([ofPatch.Nodes.Reporting, ofPatch.Nodes.NeverReported], [1, 2])
  assert.deepEqual(
    ofPatch.Types.map(({ ComplianceType }) => ComplianceType),
    ['Patch'],
  )

  const before = await evidence.download(ofWeb.ReportId)
  await compliance.put(web.id, { Items: [item('a COMPLIANT HIGH')] })
  assert.deepEqual(await evidence.download(ofWeb.ReportId), before)
  assert.deepEqual(await evidence.report(ofWeb.ReportId), ofWeb)
})

test('CMP-10 the PDF shows the content that its digest is of, the same each time, and nothing else', async () => {
  await using server = await startServer()
  const { evidence } = await fleet(server)
  const { ReportId } = await evidence.make({ Name: 'Квартал 磁盘' })
  const pdf = await evidence.download(ReportId, 'PDF')
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-')
  assert.deepEqual(await evidence.download(ReportId, 'PDF'), pdf)
  await evidence.call('SignEvidenceReport', { ReportId, Statement: 'Accepted' })
  assert.notDeepEqual(await evidence.download(ReportId, 'PDF'), pdf)
})

test('CMP-10 reports are listed, the latest first, by what is known of them, page by page', async () => {
  await using server = await startServer()
  const evidence = new EvidenceClient(server)
  const made: string[] = []
  for (const Name of ['First', 'Second', 'Third']) {
    made.unshift((await evidence.make({ Name })).ReportId)
    await server.advance(HOUR)
  }
  await evidence.call('SignEvidenceReport', { ReportId: made[1]!, Statement: 'Rejected', Comment: 'Not ours' })
  const list = async (input = {}) =>
    (await evidence.call('ListEvidenceReports', input)).Reports.map(({ ReportId }) => ReportId)
  assert.deepEqual(await list(), made)
  assert.deepEqual(await list({ SignOff: 'Rejected' }), [made[1]])
  assert.deepEqual(await list({ NameContains: 'IR' }), [made[0], made[2]])
  assert.deepEqual(await list({ RequestedBy: 'arn:aws:iam::000000000000:user/nobody' }), [])
  const middle = await evidence.report(made[1]!)
  assert.deepEqual(await list({ CreatedAfter: middle.CreatedAt }), made.slice(0, 2))
  assert.deepEqual(await list({ CreatedBefore: middle.CreatedAt }), [made[2]])

  const first = await evidence.call('ListEvidenceReports', { MaxResults: 2 })
  const rest = await evidence.call('ListEvidenceReports', { MaxResults: 2, NextToken: first.NextToken })
  assert.deepEqual(
    [...first.Reports, ...rest.Reports].map(({ ReportId }) => ReportId),
    made,
  )
  assert.equal(rest.NextToken, undefined)

  await evidence.call('DeleteEvidenceReport', { ReportId: made[1]! })
  assert.deepEqual(await list(), [made[0], made[2]])
  for (const operation of ['GetEvidenceReport', 'DeleteEvidenceReport'] as const)
    assert.equal(await evidence.refusal(operation, { ReportId: made[1]! }), 'EvidenceReportNotFound')
})

test('CMP-10 a report shows only what who asks for it may see', async () => {
  await using server = await startServer()
  const evidence = new EvidenceClient(server)
  const Action = ['steward:CreateEvidenceReport', 'ssm:DescribeInstanceInformation', 'ssm:ListComplianceItems']
  const credentials = await aUser(server, 'half', { statements: [{ Effect: 'Allow', Action, Resource: '*' }] })
  assert.equal(await evidence.refusal('CreateEvidenceReport', { Name: 'x' }, { credentials }), 'AccessDeniedException')
  const wrong = [{ Key: 'Platform', Values: ['Linux'] }]
  assert.equal(await evidence.refusal('CreateEvidenceReport', { Name: 'x', Targets: wrong }), 'InvalidTarget')
})
