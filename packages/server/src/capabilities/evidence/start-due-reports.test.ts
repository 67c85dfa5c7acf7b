import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { DATABASES, startServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { tables } from '#db/database.ts'
import { aUser } from '#iam/testing/a-user.ts'
import type { EvidenceTables } from './tables.ts'
import { EvidenceClient } from './testing/evidence-client.ts'
import { startOpenServer } from './testing/open-server.ts'

const HOUR = 3600 * 1000
const DAY = 24 * HOUR

for (const database of DATABASES) {
  test(`CMP-10 a schedule makes one report for each time that it is due, whatever the clock does (${database})`, async () => {
    await using server = await startServer({ database })
    await server.advanceTo('12:00')
    const evidence = new EvidenceClient(server)
    const { Schedule } = await evidence.call('PutEvidenceSchedule', {
      Name: 'daily',
      ReportName: 'Every day',
      ScheduleExpression: 'cron(0 2 * * ? *)',
      ScheduleTimezone: 'Europe/Berlin',
    })
    const first = Number(Schedule.NextRun)
    const inBerlin = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' })
    assert.equal(inBerlin.format(first * 1000), '02:00')
    await server.advance(DAY)
    const [report, ...others] = await evidence.reports()
    assert.deepEqual(others, [])
    assert.deepEqual(
      [report!.Name, report!.Status, report!.ScheduleName, Number(report!.DueAt)],
      ['Every day', 'Complete', 'daily', first],
    )

    // The same time again is served already.
    await server.advance(-DAY / 2)
    await server.advance(DAY / 2)
    assert.equal((await evidence.reports()).length, 1)

    // Times that were missed are made up for by one report.
    await server.advance(5 * DAY)
    assert.equal((await evidence.reports()).length, 2)

    await evidence.call('DeleteEvidenceSchedule', { Name: 'daily' })
    await server.advance(3 * DAY)
    assert.equal((await evidence.reports()).length, 2)
    assert.equal(await evidence.refusal('DeleteEvidenceSchedule', { Name: 'daily' }), 'EvidenceScheduleNotFound')
  })
}

test('CMP-10 a report that was cut off is made anew, and nobody sees what was left of it', async () => {
  await using opened = await startOpenServer()
  const { server, database } = opened
  await FakeNode.enrol(server)
  const evidence = new EvidenceClient(server)
  const { ReportId, Digest, Size } = await evidence.make()
  // As it is when the server is killed before the end.
  await database.write(async (tx) => {
    const db = tables<EvidenceTables>(tx)
    await db.updateTable('evidence_report').set({ status: 'Pending', digest: null, size: null, parts: null }).execute()
    await db
      .insertInto('evidence_content')
      .values({ report_id: ReportId, part: 7, data: Buffer.from('half') })
      .execute()
  })
  assert.equal(await evidence.refusal('DownloadEvidenceReport', { ReportId, Format: 'CSV' }), 'EvidenceReportNotReady')
  assert.equal(
    await evidence.refusal('SignEvidenceReport', { ReportId, Statement: 'Accepted' }),
    'EvidenceReportNotReady',
  )
  await server.advance(61_000)
  const made = await evidence.report(ReportId)
  assert.equal(made.Status, 'Complete')
  assert.notEqual(made.Digest, Digest, 'it was read later')
  assert.ok(Math.abs(made.Size - Size) < 10)
  assert.equal((await evidence.download(ReportId)).length, made.Size)
})

test('CMP-10 the reports of a schedule are written into its bucket, as CSV and PDF', async () => {
  await using server = await startServer()
  const evidence = new EvidenceClient(server)
  const s3 = server.client(S3Client)
  const Destination = { BucketName: 'box', Region: 'us-east-1', Prefix: 'audit/' }
  const schedule = { Name: 'hourly', ScheduleExpression: 'rate(1 hour)', Destination }
  assert.equal(await evidence.refusal('PutEvidenceSchedule', schedule), 'InvalidEvidenceDestination')
  await s3.send(new CreateBucketCommand({ Bucket: 'box' }))
  const Action = ['steward:*', 'ssm:*']
  const credentials = await aUser(server, 'ada', { statements: [{ Effect: 'Allow', Action, Resource: '*' }] })
  assert.equal(await evidence.refusal('PutEvidenceSchedule', schedule, { credentials }), 'AccessDeniedException')

  await evidence.call('PutEvidenceSchedule', schedule)
  await server.advance(HOUR)
  const [report] = await evidence.reports()
  assert.equal(report!.Delivery.Status, 'Delivered')
  const [csv, pdf] = await Promise.all(
    report!.Delivery.Keys.map(async (Key = '') => {
      const { Body, ContentType } = await s3.send(new GetObjectCommand({ Bucket: 'box', Key }))
      return { ContentType, bytes: Buffer.from(await Body!.transformToByteArray()), Key }
    }),
  )
  assert.equal(createHash('sha256').update(csv!.bytes).digest('hex'), report!.Digest)
  assert.equal(pdf!.bytes.subarray(0, 5).toString(), '%PDF-')
  assert.match(
    csv!.Key,
    /^audit\/evidence\/accountid=000000000000\/region=us-east-1\/\d{4}-\d\d-\d\d\/[0-9a-f-]{36}\.csv$/,
  )
  assert.equal(csv!.ContentType, 'text/csv; charset=utf-8')
})

test('CMP-10 a schedule that makes no sense is refused', async () => {
  await using server = await startServer()
  const evidence = new EvidenceClient(server)
  const put = (ScheduleExpression: string, more = {}) =>
    evidence.refusal('PutEvidenceSchedule', { Name: 'x', ScheduleExpression, ...more })
  for (const wrong of ['daily', 'rate(5 minutes)', 'cron(*/5 * * * ? *)', 'at(2001-01-01T00:00:00)'])
    assert.equal(await put(wrong), 'InvalidEvidenceSchedule', wrong)
  assert.equal(await put('rate(1 day)', { ScheduleTimezone: 'Mars/Olympus' }), 'InvalidEvidenceSchedule')
  assert.equal(await put('rate(1 day)', { Name: 'a b' }), 'ValidationException')
  assert.equal(await put('at(2099-01-01T00:00:00)'), undefined)
  const { Schedules } = await evidence.call('ListEvidenceSchedules', {})
  assert.deepEqual(
    Schedules.map(({ Name, ReportName, ScheduleTimezone }) => [Name, ReportName, ScheduleTimezone]),
    [['x', 'x', 'UTC']],
  )
})
