import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateDocumentCommand,
  type CreateDocumentCommandInput,
  ListDocumentsCommand,
  type ListDocumentsCommandInput,
  SSMClient,
  UpdateDocumentCommand,
  UpdateDocumentDefaultVersionCommand,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { PREDEFINED } from '../predefined/index.ts'
import { sampleContent } from '../sample-content.ts'

const RUNBOOK = JSON.stringify({
  schemaVersion: '0.3',
  mainSteps: [{ name: 'wait', action: 'aws:sleep', inputs: { Duration: 'PT1M' } }],
})

const SAMPLES: (Partial<CreateDocumentCommandInput> & { Name: string })[] = [
  { Name: 'Team-a', Tags: [{ Key: 'team', Value: 'a' }], TargetType: '/AWS::EC2::Instance' },
  { Name: 'Team-b', Tags: [{ Key: 'team', Value: 'b' }] },
  { Name: 'zebra', DisplayName: 'Striped horse' },
  { Name: 'runbook', DocumentType: 'Automation', Content: RUNBOOK },
]

async function serverWithSamples(database: (typeof DATABASES)[number] = 'sqlite') {
  const server = await startServer({ database })
  const ssm = server.client(SSMClient)
  for (const input of SAMPLES) {
    await ssm.send(new CreateDocumentCommand({ Content: sampleContent(input.Name), ...input }))
  }
  const page = (input: ListDocumentsCommandInput) => ssm.send(new ListDocumentsCommand(input))
  const names = async (...filters: string[]) => {
    const Filters = filters.map((filter) => {
      const [Key, values = ''] = filter.split('=')
      return { Key, Values: values === '' ? [] : values.split(',') }
    })
    return (await page({ Filters })).DocumentIdentifiers!.map((one) => one.Name)
  }
  return { server, ssm, page, names, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

for (const database of DATABASES) {
  test(`DOC-16 every filter, values ORed and filters ANDed (${database})`, async () => {
    await using the = await serverWithSamples(database)
    const predefined = [...PREDEFINED.keys()].sort()
    assert.deepEqual(await the.names(), [...predefined, 'Team-a', 'Team-b', 'runbook', 'zebra'])
    assert.deepEqual(await the.names('Owner=Self'), ['Team-a', 'Team-b', 'runbook', 'zebra'])
    assert.deepEqual(await the.names('Owner=Amazon'), predefined)
    assert.deepEqual(await the.names('Owner=Private,Public,ThirdParty'), [])
    assert.deepEqual(await the.names('Name=Te'), ['Team-a', 'Team-b'])
    assert.deepEqual(await the.names('Name=Te,zeb'), ['Team-a', 'Team-b', 'zebra'])
    assert.deepEqual(await the.names('DocumentType=Automation'), ['runbook'])
    assert.deepEqual(await the.names('Owner=Self', 'PlatformTypes=Windows'), ['runbook'])
    assert.deepEqual(await the.names('TargetType=/AWS::EC2::Instance'), ['Team-a'])
    assert.deepEqual(await the.names('SearchKeyword=HORSE,eam-b'), ['Team-b', 'zebra'])
    assert.deepEqual(await the.names('tag:team=a'), ['Team-a'])
    assert.deepEqual(await the.names('tag:team'), ['Team-a', 'Team-b'])
    assert.deepEqual(await the.names('tag:team=a,b', 'Name=Team-b'), ['Team-b'])
    await assert.rejects(the.names('Colour=red'), { name: 'InvalidFilterKey' })
  })
}

test('DOC-16 the older form of filters works too', async () => {
  await using the = await serverWithSamples()
  const list = await the.page({ DocumentFilterList: [{ key: 'Name', value: 'Team' }] })
  assert.deepEqual(
    list.DocumentIdentifiers?.map((one) => one.Name),
    ['Team-a', 'Team-b'],
  )
})

test('DOC-16 a list shows the default version with its tags', async () => {
  await using the = await serverWithSamples()
  const Name = 'Team-a'
  const show = async () => {
    const list = await the.page({ Filters: [{ Key: 'Name', Values: [Name] }] })
    const { CreatedDate, ...shown } = list.DocumentIdentifiers![0]!
    assert.ok(CreatedDate instanceof Date)
    return shown
  }
  await the.ssm.send(new UpdateDocumentCommand({ Name, Content: sampleContent('two'), DocumentVersion: '1' }))
  assert.deepEqual(await show(), {
    Name,
    Owner: the.server.house.rootKey.account,
    PlatformTypes: ['Linux', 'MacOS'],
    DocumentVersion: '1',
    DocumentType: 'Command',
    SchemaVersion: '2.2',
    DocumentFormat: 'JSON',
    TargetType: '/AWS::EC2::Instance',
    Tags: [{ Key: 'team', Value: 'a' }],
  })
  await the.ssm.send(new UpdateDocumentDefaultVersionCommand({ Name, DocumentVersion: '2' }))
  assert.equal((await show()).DocumentVersion, '2')
})

test('X-08 pages follow each other without gap or repetition while documents are added', async () => {
  await using the = await serverWithSamples()
  const seen: string[] = []
  let NextToken: string | undefined
  do {
    const page = await the.page({ MaxResults: 2, NextToken })
    seen.push(...page.DocumentIdentifiers!.map((one) => one.Name!))
    NextToken = page.NextToken
    const Name = `a-new-one-${seen.length}`
    if (seen.length < 6) await the.ssm.send(new CreateDocumentCommand({ Name, Content: sampleContent(Name) }))
  } while (NextToken)
  const old = [...[...PREDEFINED.keys()].sort(), 'Team-a', 'Team-b', 'runbook', 'zebra']
  assert.equal(new Set(seen).size, seen.length)
  assert.deepEqual(
    seen.filter((name) => old.includes(name)),
    old,
  )
  const { NextToken: token } = await the.page({ MaxResults: 1 })
  const other = { MaxResults: 1, NextToken: token, Filters: [{ Key: 'Owner', Values: ['Self'] }] }
  await assert.rejects(the.page(other), { name: 'InvalidNextToken' })
})
