import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { FoundAuditRecord } from '@steward/model/generated/steward.ts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { ask } from '#capabilities/recordings/testing/recorded-session.ts'

async function found(server: TestServer, input: object): Promise<FoundAuditRecord[]> {
  const records: FoundAuditRecord[] = []
  for (let NextToken: unknown; ; ) {
    const page = await ask(server, 'SearchAuditRecords', { ...input, NextToken })
    records.push(...(page.Records as FoundAuditRecord[]))
    NextToken = page.NextToken
    if (!NextToken) return records.filter(({ EventName }) => EventName !== 'SearchAuditRecords')
  }
}

const names = (records: readonly FoundAuditRecord[]) => records.map(({ EventName }) => EventName)

for (const database of DATABASES) {
  test(`CON-07 ${database}: records are found by words and by every filter at once, the newest first`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    await iam.send(new CreateUserCommand({ UserName: 'ann' }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }))
    const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
    const ssm = server.client(SSMClient)
    await ssm.send(new PutParameterCommand({ Name: '/app/colour', Type: 'String', Value: 'red' }))
    await ssm.send(new GetParameterCommand({ Name: '/app/colour' }))
    await assert.rejects(ssm.send(new DeleteParameterCommand({ Name: '/app/none' })))
    const anns = server.client(SSMClient, { credentials })
    await assert.rejects(anns.send(new GetParameterCommand({ Name: '/app/colour' })))
    const search = async (input: object) => names(await found(server, input))

    assert.deepEqual(await search({}), [
      'GetParameter',
      'DeleteParameter',
      'GetParameter',
      'PutParameter',
      'CreateAccessKey',
      'CreateUser',
    ])
    assert.deepEqual(await search({ Text: 'COLOUR parameter' }), ['GetParameter', 'GetParameter', 'PutParameter'])
    assert.deepEqual(await search({ Text: 'no such words' }), [])
    assert.deepEqual(await search({ Principal: 'ann' }), ['GetParameter'])
    assert.deepEqual(await search({ Principal: 'arn:aws:iam::000000000000:user/ann' }), ['GetParameter'])
    assert.deepEqual(await search({ AccessKeyId: credentials.accessKeyId }), ['GetParameter'])
    assert.deepEqual(await search({ Outcomes: ['Denied'] }), ['GetParameter'])
    assert.deepEqual(await search({ Outcomes: ['Denied', 'Failed'] }), ['GetParameter', 'DeleteParameter'])
    assert.deepEqual(await search({ Resource: '/app/colour', Outcomes: ['Succeeded'] }), [
      'GetParameter',
      'PutParameter',
    ])
    assert.deepEqual(await search({ Actions: ['ssm:GetParameter'], Principal: 'root' }), ['GetParameter'])
    assert.deepEqual(await search({ Actions: ['iam:GetParameter'] }), [])
    assert.deepEqual(await search({ Services: ['iam'], ChangesOnly: true }), ['CreateAccessKey', 'CreateUser'])
    assert.deepEqual(await search({ SourceIpAddress: '10.0.0.1' }), [])
    const [first] = await found(server, { Actions: ['PutParameter'] })
    assert.deepEqual(await search({ RequestId: first!.RequestId }), ['PutParameter'])
    assert.deepEqual(await search({ EventId: first!.EventId }), ['PutParameter'])
    assert.deepEqual(await search({ MaxResults: 2, Text: 'parameter' }), [
      'GetParameter',
      'DeleteParameter',
      'GetParameter',
      'PutParameter',
    ])
    const forward = (await search({ Text: 'parameter', SortOrder: 'Ascending' })) as string[]
    assert.deepEqual(forward, ['PutParameter', 'GetParameter', 'DeleteParameter', 'GetParameter'])
    for (const MaxResults of [1, 2, 3, 4])
      assert.deepEqual(await search({ MaxResults, Text: 'parameter', SortOrder: 'Ascending' }), forward)
    assert.deepEqual(
      await search({ Actions: ['GetParameter', 'PutParameter'], SortOrder: 'Ascending', MaxResults: 1 }),
      ['PutParameter', 'GetParameter', 'GetParameter'],
    )
    assert.equal(first!.Outcome, 'Succeeded')
    assert.equal(JSON.parse(first!.Record!).requestID, first!.RequestId)
  })
}
