import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AddTagsToResourceCommand, GetInventorySchemaCommand, ListInventoryEntriesCommand } from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { type Entries, Inventory, item, packages } from '../testing/inventory.ts'

const NAME = 'AWS:Application.Name'
const VERSION = 'AWS:Application.Version'
const PLATFORM = 'AWS:InstanceInformation.PlatformType'

for (const database of DATABASES) {
  test(`INV-10 filters are about one entry of a type each (${database})`, async () => {
    await using server = await startServer({ database })
    const inventory = new Inventory(server)
    const a = (await FakeNode.enrol(server)).id
    const b = (await FakeNode.enrol(server)).id
    const c = (await FakeNode.enrol(server, {}, { PlatformType: 'Windows', PlatformVersion: '10.0.1' })).id
    await inventory.put(a, packages('nginx 1.9', 'curl 8.1'), item('Custom:Rack.Row', [{ 'Place.Name': 'A' }]))
    await inventory.put(b, packages('nginx 1.10', 'curl 8.1'))
    const found = async (...filters: Parameters<Inventory['nodes']>) => new Set(await inventory.nodes(...filters))
    const are = async (expected: string[], ...filters: Parameters<Inventory['nodes']>) =>
      assert.deepEqual(await found(...filters), new Set(expected))

    await are([a, b], [NAME, 'Equal', 'nginx', 'apache2'])
    await are([a], [NAME, 'Equal', 'nginx'], [VERSION, 'LessThan', '1.10'])
    await are([b], [NAME, 'Equal', 'nginx'], [VERSION, 'GreaterThan', '1.9'])
    await are([], [NAME, 'Equal', 'nginx'], [VERSION, 'Equal', '8.1'])
    await are([b], [NAME, 'Equal', 'nginx'], [VERSION, 'NotEqual', '1.9'])
    await are([a, b], [NAME, 'BeginWith', 'cur'])
    await are([], [NAME, 'NotEqual', 'nginx'])
    await are([a, b], [NAME, 'NotEqual', 'apache2'])
    await are([a], ['Custom:Rack.Row.Place.Name', 'Equal', 'A'])
    await are([], ['Custom:Unknown.Name', 'Equal', 'A'])
    await are([c], [PLATFORM, 'Equal', 'Windows'])
    await are([a, b], [PLATFORM, 'NotEqual', 'Windows'])
    await are([a, b], [PLATFORM, 'Equal', 'Linux'], [NAME, 'Equal', 'curl'])
    await are([c], ['AWS:InstanceInformation.InstanceId', 'Equal', c])
    await are([a, b, c], ['AWS:InstanceInformation.InstanceStatus', 'NotEqual', 'Terminated'])

    // Whatever was searched before counts as it is now.
    await inventory.put(b, packages('nginx 1.10', 'zsh 5.9'))
    await are([a], [NAME, 'Equal', 'curl'])
    await are([b], [NAME, 'Equal', 'zsh'], [VERSION, 'LessThan', '5.10'])
  })
}

test('INV-10 attributes of a node alone and tags can be filtered by too', async () => {
  await using server = await startServer()
  const inventory = new Inventory(server)
  const [a, b] = [(await FakeNode.enrol(server)).id, (await FakeNode.enrol(server)).id]
  const bash = (InstalledTime: string) => item('AWS:Application', [{ Name: 'bash', InstalledTime }, { Name: 'zsh' }])
  await inventory.put(a, bash('2026-01-01T00:00:00Z'))
  await inventory.put(b, bash('2026-06-01T00:00:00Z'))
  const time = 'AWS:Application.InstalledTime'
  assert.deepEqual(await inventory.nodes([time, 'GreaterThan', '2026-03-01'], [NAME, 'Equal', 'bash']), [b])
  assert.deepEqual(await inventory.nodes([time, 'GreaterThan', '2026-03-01'], [NAME, 'Equal', 'zsh']), [])
  assert.deepEqual(await inventory.nodes([time, 'NotEqual', '2026-06-01T00:00:00Z']), [a])
  const tags = { ResourceType: 'ManagedInstance' as const, ResourceId: a, Tags: [{ Key: 'env', Value: 'prod' }] }
  await inventory.ssm.send(new AddTagsToResourceCommand(tags))
  assert.deepEqual(await inventory.nodes(['AWS:Tag.Key', 'Equal', 'env'], ['AWS:Tag.Value', 'Equal', 'prod']), [a])
  assert.deepEqual(await inventory.nodes(['AWS:Tag.env', 'Equal', 'prod']), [a])
  assert.deepEqual(await inventory.nodes(['AWS:Tag.env', 'Equal', 'dev']), [])
})

test('INV-11 entities show one type, page by page', async () => {
  await using server = await startServer()
  const inventory = new Inventory(server)
  const ids = await Promise.all([1, 2, 3].map(async () => (await FakeNode.enrol(server)).id))
  await inventory.put(ids[0]!, packages('bash 5.2'))
  const { Entities } = await inventory.get({})
  assert.deepEqual(Entities!.map(({ Id }) => Id).sort(), ids.toSorted())
  const { Data, Id } = Entities![0]!
  const shown = Data!['AWS:InstanceInformation']!
  assert.deepEqual([shown.TypeName, shown.SchemaVersion], ['AWS:InstanceInformation', '1.0'])
  assert.match(shown.CaptureTime!, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.deepEqual(shown.Content, [
    {
      AgentStatus: 'Active',
      AgentType: 'amazon-ssm-agent',
      AgentVersion: '3.2.0.0',
      ComputerName: 'a.example',
      InstanceId: Id,
      InstanceStatus: 'Active',
      IpAddress: '10.99.0.1',
      PlatformName: 'Debian GNU/Linux',
      PlatformType: 'Linux',
      PlatformVersion: '12',
      ResourceType: 'ManagedInstance',
    },
  ])
  const seen: string[] = []
  let NextToken: string | undefined
  do {
    const page = await inventory.get({ MaxResults: 2, NextToken, ResultAttributes: [{ TypeName: 'AWS:Application' }] })
    for (const { Id, Data } of page.Entities!) {
      seen.push(Id!)
      assert.deepEqual(Object.keys(Data!), Id === ids[0] ? ['AWS:Application'] : [])
    }
    NextToken = page.NextToken
  } while (NextToken)
  assert.deepEqual(seen.sort(), ids.toSorted())
})

test('INV-12 aggregators count nodes by the values of one entry, across types, and by groups', async () => {
  await using server = await startServer()
  const inventory = new Inventory(server)
  const enrol = async (PlatformType: string) => (await FakeNode.enrol(server, {}, { PlatformType })).id
  const [a, b, c, d] = [await enrol('Linux'), await enrol('Linux'), await enrol('Windows'), await enrol('Linux')]
  const files = item('AWS:File', [{ Name: 'x' }])
  await inventory.put(a, packages('nginx 1.9', 'nginx 1.9', 'curl 8.1'))
  await inventory.put(b, files)
  await inventory.put(c, packages('nginx 1.9', 'office 16'), files)
  await inventory.put(d, item('AWS:Network', [{ Name: 'eth0' }]))
  const counts = (...Expressions: string[]) => {
    const Aggregators = Expressions.reduceRight<object[] | undefined>(
      (Inner, Expression) => [{ Expression, ...(Inner && { Aggregators: Inner }) }],
      undefined,
    )
    return inventory.counts(Expressions[0]!.split('.')[0]!, { Aggregators })
  }
  assert.deepEqual(await counts(PLATFORM), [
    { Count: '3', PlatformType: 'Linux' },
    { Count: '1', PlatformType: 'Windows' },
  ])
  assert.deepEqual(await counts(NAME, VERSION), [
    { Count: '2', Name: 'nginx', Version: '1.9' },
    { Count: '1', Name: 'curl', Version: '8.1' },
    { Count: '1', Name: 'office', Version: '16' },
  ])
  assert.deepEqual(await counts(NAME, VERSION, PLATFORM), [
    { Count: '1', Name: 'curl', Version: '8.1', PlatformType: 'Linux' },
    { Count: '1', Name: 'nginx', Version: '1.9', PlatformType: 'Linux' },
    { Count: '1', Name: 'nginx', Version: '1.9', PlatformType: 'Windows' },
    { Count: '1', Name: 'office', Version: '16', PlatformType: 'Windows' },
  ])
  const Filters = [{ Key: PLATFORM, Values: ['Linux'] }]
  assert.deepEqual(await inventory.counts('AWS:Application', { Filters, Aggregators: [{ Expression: NAME }] }), [
    { Count: '1', Name: 'curl' },
    { Count: '1', Name: 'nginx' },
  ])
  const exists = (...Values: string[]) => ({ Key: 'TypeName', Type: 'Exists' as const, Values })
  const group = (Name: string, ...Filters: ReturnType<typeof exists>[]) => ({ Name, Filters })
  const Groups = [
    group('Both', exists('AWS:Application'), exists('AWS:File')),
    group('Either', exists('AWS:Application', 'AWS:File')),
  ]
  const { Entities } = await inventory.get({ Aggregators: [{ Groups }] })
  const contents = Object.fromEntries(Object.entries(Entities![0]!.Data!).map(([name, { Content }]) => [name, Content]))
  assert.deepEqual(contents, {
    Both: [{ notMatchingCount: '3' }, { matchingCount: '1' }],
    Either: [{ notMatchingCount: '1' }, { matchingCount: '3' }],
  })

  const lines: Entries = []
  let NextToken: string | undefined
  do {
    const page = await inventory.get({ Aggregators: [{ Expression: NAME }], MaxResults: 2, NextToken })
    lines.push(...page.Entities![0]!.Data!['AWS:Application']!.Content!)
    NextToken = page.NextToken
  } while (NextToken)
  assert.deepEqual(lines, await counts(NAME))
})

test('INV-10 INV-12 what makes no sense is refused in AWS’s words', async () => {
  await using server = await startServer()
  const inventory = new Inventory(server)
  const filter = (Key: string, Type = 'Equal') =>
    inventory.get({ Filters: [{ Key, Values: ['x'], Type: Type as 'Equal' }] })
  for (const key of ['Name', 'AWS:Application', 'AWS:Nonsense.Name', 'AWS:Application.Colour', 'AWS:Application.'])
    await assert.rejects(filter(key), { name: 'InvalidFilter' }, key)
  await assert.rejects(filter('TypeName', 'Exists'), { name: 'InvalidFilter' })
  await assert.rejects(filter(NAME, 'Like'), { name: 'ValidationException' })
  const aggregator = (Expression: string) => inventory.get({ Aggregators: [{ Expression }] })
  for (const expression of ['Name', 'AWS:Nonsense.Name', 'AWS:Application.Colour', 'AWS:Application.InstalledTime'])
    await assert.rejects(aggregator(expression), { name: 'InvalidAggregatorException' }, expression)
  await assert.rejects(inventory.get({ Aggregators: [{}] }), { name: 'InvalidAggregatorException' })
  const Groups = [1, 2].map(() => ({ Name: 'A', Filters: [{ Key: NAME, Values: ['x'] }] }))
  await assert.rejects(inventory.get({ Aggregators: [{ Groups }] }), { name: 'InvalidInventoryGroupException' })
  await assert.rejects(inventory.get({ ResultAttributes: [{ TypeName: 'AWS:Nonsense' }] }), {
    name: 'InvalidResultAttributeException',
  })
  await assert.rejects(inventory.get({ NextToken: 'x' }), { name: 'InvalidNextToken' })
})

test('INV-14 the entries of a node are listed with filters, page by page', async () => {
  await using server = await startServer()
  const inventory = new Inventory(server)
  const { id: InstanceId } = await FakeNode.enrol(server)
  await inventory.put(InstanceId, packages('a 1', 'b 2', 'c 10'))
  const TypeName = 'AWS:Application'
  const list = (more: object) => inventory.ssm.send(new ListInventoryEntriesCommand({ InstanceId, TypeName, ...more }))
  const names = async (more: object) => (await list(more)).Entries!.map(({ Name }) => Name)
  const { CaptureTime, SchemaVersion, NextToken } = await list({ MaxResults: 2 })
  assert.deepEqual([CaptureTime, SchemaVersion], ['2026-11-21T10:00:00Z', '1.1'])
  assert.deepEqual(await names({ MaxResults: 2, NextToken }), ['c'])
  assert.deepEqual(await names({ Filters: [{ Key: 'Version', Values: ['2'], Type: 'GreaterThan' }] }), ['c'])
  assert.deepEqual(await names({ Filters: [{ Key: NAME, Values: ['a', 'b'] }] }), ['a', 'b'])
  await assert.rejects(list({ Filters: [{ Key: 'AWS:File.Name', Values: ['a'] }] }), { name: 'InvalidFilter' })
  await assert.rejects(list({ TypeName: 'AWS:Nonsense' }), { name: 'InvalidTypeNameException' })
  await assert.rejects(list({ InstanceId: 'mi-00000000000000000' }), { name: 'InvalidInstanceId' })
  const [own] = await inventory.entries(InstanceId, 'AWS:InstanceInformation')
  assert.equal(own!.InstanceId, InstanceId)
  assert.deepEqual(await inventory.entries(InstanceId, 'AWS:Network'), [])
})

test('INV-04 schemas name the attributes of AWS’s types and of custom ones', async () => {
  await using server = await startServer()
  const inventory = new Inventory(server)
  const { id } = await FakeNode.enrol(server)
  await inventory.put(id, item('Custom:Rack', [{ Place: 'A' }]))
  await inventory.put(id, item('Custom:Rack', [{ Place: 'A', Row: '1' }], { SchemaVersion: '2.0' }))
  const schemas = async (more: object) => (await inventory.ssm.send(new GetInventorySchemaCommand(more))).Schemas!
  const names = (await schemas({})).map(({ TypeName }) => TypeName)
  assert.ok(names.includes('AWS:Application') && names.includes('Custom:Rack'))
  const [rack] = await schemas({ TypeName: 'Custom:Rack' })
  assert.deepEqual([rack!.Version, rack!.Attributes!.map(({ Name }) => Name)], ['2.0', ['Place', 'Row']])
  const aggregators = await schemas({ Aggregator: true })
  assert.deepEqual(
    aggregators[1]!.Attributes!.map(({ Name }) => Name),
    ['Name', 'Version'],
  )
  assert.equal((await schemas({ SubType: true })).length, 2)
  assert.deepEqual(await schemas({ TypeName: 'Custom:Unknown' }), [])
  await assert.rejects(schemas({ TypeName: 'AWS:Nonsense' }), { name: 'InvalidTypeNameException' })
})
