/** Inventory of a real node, from its agent to files in a bucket. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import {
  CreateAssociationCommand,
  CreateResourceDataSyncCommand,
  DeleteInventoryCommand,
  DescribeInventoryDeletionsCommand,
  GetInventoryCommand,
  type GetInventoryCommandInput,
  ListResourceDataSyncCommand,
  PutInventoryCommand,
} from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'
import { Installation } from './installation.ts'

const RACK = 'Custom:RackInfo'
/** A node takes an inventory when its agent next asks for its associations; syncs look every minute. */
const PATIENCE_MS = 120_000

test('E2E-11 what a node has, and a type of its own, is searched, counted, copied into a bucket and deleted', async () => {
  await using steward = await Installation.start()
  const bucket = await fleetBucket(steward)
  const [agent] = await steward.startAgents(1)
  const custom = join(steward.folder, 'agent-0', 'inventory', 'custom')
  mkdirSync(custom, { recursive: true })
  const rack = { SchemaVersion: '1.0', TypeName: RACK, Content: { Place: 'A 7', Row: '3' } }
  writeFileSync(join(custom, 'rack.json'), JSON.stringify(rack))
  await steward.ssm.send(
    new CreateAssociationCommand({
      Name: 'AWS-GatherSoftwareInventory',
      Targets: [{ Key: 'InstanceIds', Values: [agent!.id] }],
      ScheduleExpression: 'rate(30 minutes)',
    }),
  )
  const get = async (input: GetInventoryCommandInput) =>
    (await steward.ssm.send(new GetInventoryCommand(input))).Entities!
  const having = async (Type: 'Equal' | 'NotEqual' | 'BeginWith', value: string) => {
    const Filters = [{ Key: `${RACK}.Place`, Type, Values: [value] }]
    return (await get({ Filters, ResultAttributes: [{ TypeName: RACK }] })).map(({ Id, Data }) => [
      Id,
      Data![RACK]!.Content,
    ])
  }
  await eventually(async () => (await having('Equal', 'A 7')).length === 1, PATIENCE_MS)
  assert.deepEqual(await having('BeginWith', 'A'), [[agent!.id, [rack.Content]]])
  assert.deepEqual(await having('Equal', 'B 1'), [])

  const [{ Data }] = (await get({ ResultAttributes: [{ TypeName: 'AWS:Application' }] })) as [{ Data: object }]
  const { Content: applications = [] } = (Data as Record<string, { Content?: Record<string, string>[] }>)[
    'AWS:Application'
  ]!
  const names = applications.map(({ Name }) => Name!)
  for (const installed of dpkgPackages()) assert.ok(names.includes(installed), installed)

  const [counts] = await get({ Aggregators: [{ Expression: `${RACK}.Place` }] })
  assert.deepEqual(counts!.Data![RACK]!.Content, [{ Count: '1', Place: 'A 7' }])
  const inRowThree = { Name: 'RowThree', Filters: [{ Key: `${RACK}.Row`, Values: ['3'] }] }
  const [groups] = await get({ Aggregators: [{ Groups: [inRowThree] }] })
  assert.deepEqual(groups!.Data!.RowThree!.Content, [{ notMatchingCount: '0' }, { matchingCount: '1' }])

  await bucket.sync('before')
  const place = (type: string) =>
    `${type}/accountid=000000000000/region=us-east-1/resourcetype=ManagedInstanceInventory/${agent!.id}.json`
  const more = { resourceId: agent!.id, schemaVersion: '1.0' }
  const [{ captureTime, ...copied }] = await bucket.lines(`before/${place(RACK)}`)
  assert.deepEqual(copied, { ...rack.Content, ...more })
  assert.match(captureTime!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.deepEqual(
    (await bucket.lines(`before/${place('AWS:Application')}`)).map(({ Name }) => Name),
    names,
  )

  const remove = (DryRun: boolean) =>
    steward.ssm.send(new DeleteInventoryCommand({ TypeName: RACK, SchemaDeleteOption: 'DeleteSchema', DryRun }))
  const { DeletionSummary } = await remove(true)
  assert.deepEqual([DeletionSummary!.TotalCount, DeletionSummary!.RemainingCount], [1, 1])
  assert.equal((await having('Equal', 'A 7')).length, 1)
  const { DeletionId } = await remove(false)
  await eventually(async () => {
    const { InventoryDeletions } = await steward.ssm.send(new DescribeInventoryDeletionsCommand({ DeletionId }))
    return InventoryDeletions![0]!.LastStatus === 'Complete'
  }, PATIENCE_MS)
  assert.deepEqual(await having('Equal', 'A 7'), [])
  // A new sync begins at once, and all others with it.
  await bucket.sync('after')
  const keys = await bucket.keys()
  assert.ok(keys.includes(`after/${place('AWS:Application')}`))
  assert.deepEqual(
    keys.filter((key) => key.includes(RACK)),
    [],
  )
})

test('EXP-06 kill -9 of the server while a bucket is filled: in the end it holds everything', async () => {
  await using steward = await Installation.start()
  const bucket = await fleetBucket(steward)
  const ids: string[] = []
  while (ids.length < 12) ids.push((await steward.addAgent()).id)
  for (const [index, InstanceId] of ids.entries()) {
    const Items = Array.from({ length: 10 }, (_, type) => ({
      TypeName: `Custom:Type${type}`,
      SchemaVersion: '1.0',
      CaptureTime: '2026-11-21T10:00:00Z',
      Content: [{ Number: String(index) }],
    }))
    await steward.ssm.send(new PutInventoryCommand({ InstanceId, Items }))
  }
  await bucket.begin('all')
  await eventually(async () => (await bucket.keys()).length >= 20)
  await steward.killServer()
  await steward.startServer()
  await bucket.untilCopied()
  assert.equal((await bucket.keys()).length, 12 * 11)
  for (const [index, id] of ids.entries()) {
    const key = `all/Custom:Type9/accountid=000000000000/region=us-east-1/resourcetype=ManagedInstanceInventory/${id}.json`
    assert.equal((await bucket.lines(key))[0].Number, String(index))
  }
})

/** The packages that are installed, as dpkg tells them; none where there is no dpkg. */
function dpkgPackages(): string[] {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', `\${db:Status-Status} \${Package}\n`], { encoding: 'utf8' })
  const lines = (stdout ?? '').split('\n').filter((line) => line.startsWith('installed '))
  return lines.map((line) => line.slice('installed '.length))
}

async function fleetBucket(steward: Installation): Promise<FleetBucket> {
  const bucket = new FleetBucket(steward)
  await bucket.s3.send(new CreateBucketCommand({ Bucket: 'fleet' }))
  return bucket
}

type Lines = [Record<string, string>, ...Record<string, string>[]]

/** A bucket of the installation that syncs write into, each under its own name. */
class FleetBucket {
  readonly s3: S3Client
  readonly #steward: Installation

  constructor(steward: Installation) {
    const { url: endpoint, region, rootKey: credentials } = steward
    this.s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
    this.#steward = steward
  }

  async begin(name: string): Promise<void> {
    const { region: Region, ssm } = this.#steward
    const S3Destination = { BucketName: 'fleet', Prefix: name, SyncFormat: 'JsonSerDe', Region } as const
    await ssm.send(new CreateResourceDataSyncCommand({ SyncName: name, S3Destination }))
  }

  /** Resolves once every sync has ended a run well since it was made. */
  async untilCopied(): Promise<void> {
    await eventually(async () => {
      const { ResourceDataSyncItems: syncs } = await this.#steward.ssm.send(new ListResourceDataSyncCommand())
      return syncs!.every(({ LastStatus }) => LastStatus === 'Successful')
    }, PATIENCE_MS)
  }

  async sync(name: string): Promise<void> {
    await this.begin(name)
    await this.untilCopied()
  }

  async keys(): Promise<string[]> {
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: 'fleet' }))
    return Contents.map(({ Key }) => Key!)
  }

  async lines(Key: string): Promise<Lines> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: 'fleet', Key }))
    return (await Body!.transformToString()).split('\n').map((line) => JSON.parse(line)) as Lines
  }
}
