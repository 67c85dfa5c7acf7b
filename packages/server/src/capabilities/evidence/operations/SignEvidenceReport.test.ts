import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, startServer } from '@steward/testkit'
import { tables } from '#db/database.ts'
import { jsonCall } from '#door/testing/raw-call.ts'
import { aUser } from '#iam/testing/a-user.ts'
import { signOffState } from '../evidence-report.ts'
import type { EvidenceTables } from '../tables.ts'
import { EvidenceClient } from '../testing/evidence-client.ts'
import { startOpenServer } from '../testing/open-server.ts'

const ALL = [{ Effect: 'Allow', Action: '*', Resource: '*' }]

for (const database of DATABASES) {
  test(`CMP-10 several people sign a report, each as who they are, and the last word of each counts (${database})`, async () => {
    await using server = await startServer({ database })
    const evidence = new EvidenceClient(server)
    const [ada, grace] = [
      await aUser(server, 'ada', { statements: ALL }),
      await aUser(server, 'grace', { statements: ALL }),
    ]
    const { ReportId, Digest } = await evidence.make()
    const sign = (
      credentials: typeof ada,
      input: { Statement: 'Accepted' | 'Rejected'; Comment?: string; Digest?: string },
    ) => evidence.call('SignEvidenceReport', { ReportId, ...input }, { credentials })

    const first = await sign(ada, { Statement: 'Accepted', Digest, Comment: 'Seen — gesehen — 見た' })
    const signer = 'arn:aws:iam::000000000000:user/ada'
    assert.deepEqual([first.SignOff.Signer, first.SignOff.Digest, first.ReportSignOff], [signer, Digest, 'Accepted'])
    assert.equal((await sign(grace, { Statement: 'Rejected' })).ReportSignOff, 'Rejected')
    assert.equal((await sign(grace, { Statement: 'Accepted' })).ReportSignOff, 'Accepted')
    const { Report, SignOffs } = await evidence.get(ReportId)
    assert.equal(Report.SignOff, 'Accepted')
    assert.deepEqual(
      SignOffs.map(({ Signer, Statement, Comment }) => [Signer.split('/')[1], Statement, Comment]),
      [
        ['ada', 'Accepted', 'Seen — gesehen — 見た'],
        ['grace', 'Rejected', undefined],
        ['grace', 'Accepted', undefined],
      ],
    )
    assert.equal(Report.Digest, Digest, 'what was signed stays as it is')
    const wrong = { ReportId, Statement: 'Accepted' as const, Digest: '0'.repeat(64) }
    assert.equal(await evidence.refusal('SignEvidenceReport', wrong), 'EvidenceDigestMismatch')

    const found = await jsonCall(
      server,
      'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents',
      { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'SignEvidenceReport' }] },
      { service: 'cloudtrail' },
    )
    const records = (found.json.Events as { CloudTrailEvent: string }[]).map(({ CloudTrailEvent }) =>
      JSON.parse(CloudTrailEvent),
    )
    const signed = records.filter(({ errorCode }) => !errorCode)
    assert.equal(signed.length, 3)
    assert.ok(signed.every(({ responseElements }) => responseElements.signOff.digest === Digest))
  })
}

test('CMP-10 a policy can ask for four eyes: who asked for a report does not sign it', async () => {
  await using server = await startServer()
  const evidence = new EvidenceClient(server)
  const own = {
    Effect: 'Deny',
    Action: 'steward:SignEvidenceReport',
    Resource: '*',
    Condition: { Bool: { 'steward:SignerRequestedReport': 'true' } },
  }
  const ada = await aUser(server, 'ada', { statements: [...ALL, own] })
  const { ReportId } = await evidence.call('CreateEvidenceReport', { Name: 'Mine' }, { credentials: ada })
  const { ReportId: other } = await evidence.make()
  const sign = (ReportId: string) =>
    evidence.refusal('SignEvidenceReport', { ReportId, Statement: 'Accepted' }, { credentials: ada })
  assert.equal(await sign(ReportId), 'AccessDeniedException')
  assert.equal(await sign(other), undefined)
})

test('CMP-10 content that was changed in the database is not handed out', async () => {
  await using opened = await startOpenServer()
  const { server, database } = opened
  const evidence = new EvidenceClient(server)
  const { ReportId } = await evidence.make()
  await database.write((tx) =>
    tables<EvidenceTables>(tx)
      .updateTable('evidence_content')
      .set({ data: Buffer.from('{}') })
      .execute(),
  )
  for (const Format of ['CSV', 'PDF'] as const)
    assert.equal(await evidence.refusal('DownloadEvidenceReport', { ReportId, Format }), 'EvidenceReportDamaged')
})

test('CMP-10 a report is rejected while anybody rejects it', () => {
  const said = (...words: string[]) =>
    signOffState(words.map((word) => ({ signer: word[0]!, statement: word.endsWith('+') ? 'Accepted' : 'Rejected' })))
  assert.equal(said(), 'Unsigned')
  assert.equal(said('a+', 'b-', 'a+'), 'Rejected')
  assert.equal(said('a-', 'b+', 'a+'), 'Accepted')
})
