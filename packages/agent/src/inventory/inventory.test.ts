import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { networkInterfaces, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { AgentProcess } from '#testing/agent-process.ts'
import { ended, refresh } from '#testing/state-manager.ts'
import { TestNode } from '#testing/test-node.ts'

/** A document that takes an inventory with those inputs, as AWS-GatherSoftwareInventory does. */
function inventoryDocument(inputs: object): string {
  return JSON.stringify({
    schemaVersion: '2.0',
    mainSteps: [{ action: 'aws:softwareInventory', name: 'collectSoftwareInventoryItems', inputs }],
  })
}

/** Has the node take an inventory; answers how that was told. */
async function takeInventory(node: TestNode, inputs: object) {
  const { stateManager, documents } = node.server
  documents.set('Inventory', inventoryDocument(inputs))
  const id = stateManager.associate('Inventory')
  void refresh(node, id)
  const end = await ended(node, id)
  stateManager.associations.delete(id)
  return end
}

/** What dpkg-query says of this machine, a list for each package; nothing where it is another's. */
function dpkgQuery(...fields: string[]): string[][] {
  if (!existsSync('/usr/bin/dpkg-query')) return []
  const format = `${fields.map((field) => `\${${field}}`).join('\\t')}\\n`
  const text = execFileSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'))
}

test('INV-05 the applications of this machine agree with dpkg-query to the last package', async () => {
  await using node = await TestNode.connected()
  assert.equal((await takeInventory(node, { applications: 'Enabled' })).status, 'Success')
  const { content, schemaVersion } = node.server.stateManager.inventory.get('AWS:Application')!
  assert.equal(schemaVersion, '1.1')
  const packages = dpkgQuery('Package', 'Version', 'Architecture', 'Section', 'Homepage')
  const expected = packages.map(([Name, Version, architecture, ApplicationType, URL]) => ({
    Name,
    Version,
    Architecture: architecture!.replace('amd64', 'x86_64'),
    ...(ApplicationType ? { ApplicationType } : {}),
    ...(URL ? { URL: URL.slice(0, 100) } : {}),
    PackageId: `${Name}_${Version}_${architecture}.deb`.slice(0, 100),
  }))
  const debian = content.filter(({ PackageId }) => PackageId?.endsWith('.deb') || PackageId?.length === 100)
  const told = debian.map(({ Publisher, Summary, InstalledTime, ...rest }) => {
    assert.ok(Publisher !== undefined && Buffer.byteLength(Summary ?? '') <= 100)
    assert.match(InstalledTime ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    return rest
  })
  assert.deepEqual(told, expected)
})

test('INV-03 network, processors and what there is none of are told as Amazon’s agent tells them', async () => {
  await using node = await TestNode.connected()
  const { inventory } = node.server.stateManager
  const inputs = { networkConfig: 'Enabled', instanceDetailedInformation: 'Enabled', billingInfo: 'Enabled' }
  await takeInventory(node, { ...inputs, awsComponents: 'Enabled', services: 'Disabled', windowsUpdates: 'Enabled' })
  assert.deepEqual([...inventory.keys()].sort(), [
    'AWS:AWSComponent',
    'AWS:BillingInfo',
    'AWS:InstanceDetailedInformation',
    'AWS:Network',
  ])
  assert.deepEqual(inventory.get('AWS:BillingInfo')!.content, [])
  const [details] = inventory.get('AWS:InstanceDetailedInformation')!.content
  assert.equal(details!.KernelVersion, release())
  assert.equal(details!.CPUs, execFileSync('nproc', ['--all'], { encoding: 'utf8' }).trim())
  const network = inventory.get('AWS:Network')!.content
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    const entry = network.find(({ Name }) => Name === name)
    if (addresses![0]!.internal) assert.equal(entry, undefined)
    else assert.equal(entry!.MacAddress, addresses![0]!.mac)
  }
})

test('INV-08 of what has not changed only the hash is sent, unless the server lost it', async () => {
  await using node = await TestNode.connected()
  const { inventory } = node.server.stateManager
  const puts = () => node.server.calls.filter(({ operation }) => operation === 'PutInventory').map(({ input }) => input)
  const inputs = { networkConfig: 'Enabled' }
  await takeInventory(node, inputs)
  await takeInventory(node, inputs)
  const [first, second] = puts().map(({ Items }) => (Items as { [name: string]: unknown }[])[0]!)
  assert.ok(Array.isArray(first!.Content))
  assert.deepEqual(Object.keys(second!).sort(), ['CaptureTime', 'ContentHash', 'SchemaVersion', 'TypeName'])
  assert.equal(second!.ContentHash, first!.ContentHash)
  assert.match(String(second!.CaptureTime), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  inventory.clear()
  assert.equal((await takeInventory(node, inputs)).status, 'Success')
  assert.equal(puts().length, 4)
  assert.ok(inventory.get('AWS:Network')!.content)
})

test('INV-07 custom inventory comes from files; one that is wrong harms no other', async () => {
  await using node = await TestNode.connected()
  const folder = join(node.state, 'inventory/custom')
  const rack = { SchemaVersion: '1.0', TypeName: 'Custom:Rack', Content: { Row: '7', Unit: '12' } }
  await writeFile(join(folder, 'rack.json'), JSON.stringify(rack))
  await writeFile(
    join(folder, 'list.json'),
    JSON.stringify({ ...rack, TypeName: 'Custom:List', Content: [{ A: '1' }, {}] }),
  )
  await writeFile(join(folder, 'torn.json'), '{"SchemaVersion":')
  await writeFile(join(folder, 'notes.txt'), 'not of interest')
  const { status } = await takeInventory(node, { customInventory: 'Enabled', networkConfig: 'Enabled' })
  assert.equal(status, 'Success')
  const { inventory } = node.server.stateManager
  assert.deepEqual([...inventory.keys()].sort(), ['AWS:Network', 'Custom:List', 'Custom:Rack'])
  assert.deepEqual(inventory.get('Custom:Rack')!.content, [{ Row: '7', Unit: '12' }])
  assert.deepEqual(inventory.get('Custom:List')!.content, [{ A: '1' }, {}])
})

test('INV-06 files are found by folder and pattern', async () => {
  await using node = await TestNode.connected()
  const root = await mkdtemp(join(tmpdir(), 'steward-files-'))
  await mkdir(join(root, 'deep/deeper'), { recursive: true })
  for (const name of ['a.cnf', 'b.txt', 'deep/c.cnf', 'deep/deeper/d.cnf']) await writeFile(join(root, name), name)
  await symlink(root, join(root, 'loop.cnf'))
  const filter = (more: object) => JSON.stringify([{ Path: root, Pattern: ['*.cnf'], ...more }])
  const names = () => node.server.stateManager.inventory.get('AWS:File')!.content.map(({ Name }) => Name)
  try {
    await takeInventory(node, { files: filter({}) })
    assert.deepEqual(names(), ['a.cnf', 'loop.cnf'])
    await takeInventory(node, { files: filter({ Recursive: true }) })
    assert.deepEqual(names(), ['a.cnf', 'c.cnf', 'd.cnf', 'loop.cnf'])
    const [a] = node.server.stateManager.inventory.get('AWS:File')!.content
    assert.equal(a!.Size, '5')
    assert.equal(a!.InstalledDir, root)
    const { status, summary } = await takeInventory(node, { files: filter({ Recursive: true, DirScanLimit: 2 }) })
    assert.equal(status, 'Failed')
    assert.match(summary, /AWS:File. Error - Directory Scan Limit Exceeded/)
    assert.deepEqual(names().length, 4)
  } finally {
    await rm(root, { recursive: true })
  }
})

test('INV-01 a command may not take an inventory', async () => {
  await using node = await TestNode.connected()
  const command = node.server.send(JSON.parse(inventoryDocument({ applications: 'Enabled' })))
  const [step] = Object.values((await node.server.final(command)).steps)
  assert.equal(step!.status, 'Failed')
  assert.match(step!.standardError, /aws:softwareInventory plugin can only be invoked via ssm-associate/)
  assert.equal(node.server.stateManager.inventory.size, 0)
})

test('INV-09 a server that refuses an inventory makes the association fail, with its words', async () => {
  await using node = await TestNode.connected()
  node.server.stateManager.refuseInventory = 'TotalSizeLimitExceededException'
  const { status, summary } = await takeInventory(node, { networkConfig: 'Enabled' })
  assert.equal(status, 'Failed')
  assert.match(summary, /inventory data could not be uploaded to Systems Manager.*TotalSizeLimitExceededException/)
})

test('INV-03 the agent’s one file takes inventories, too', async () => {
  const builder = new URL('../../build.mjs', import.meta.url)
  const { buildAgent } = (await import(builder.href)) as { buildAgent(outfile: string): Promise<string> }
  await using node = await TestNode.registered()
  await using _ = await AgentProcess.start(node, await buildAgent(join(node.state, 'agent.mjs')))
  assert.equal((await takeInventory(node, { networkConfig: 'Enabled' })).status, 'Success')
  assert.ok(node.server.stateManager.inventory.has('AWS:Network'))
})
