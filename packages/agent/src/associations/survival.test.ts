import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { jobIdOf } from '@steward/protocol'
import { readConfiguration, writeConfiguration } from '#configuration.ts'
import { stateDirectory } from '#state-directory.ts'
import { ended, refresh, storeDocument } from '#testing/state-manager.ts'
import { shellDocument } from '#testing/stub-server.ts'
import { TestNode } from '#testing/test-node.ts'

/** The folders of the runs of an association. */
async function runFolders(node: TestNode, id: string): Promise<string[]> {
  const root = join(stateDirectory(node.state).associations, 'runs', id)
  return (await readdir(root)).map((run) => join(root, run))
}

async function untilTrue(look: () => boolean): Promise<void> {
  while (!look()) await setTimeout(10)
}

const running = (node: TestNode, id: string) =>
  node.server.until('the run', () => node.server.stateManager.told(id).includes('InProgress'))

/** Has the machine pretend to restart; answers the file that gets a line each time. */
async function pretendToRestart(node: TestNode): Promise<string> {
  const { configuration } = stateDirectory(node.state)
  const rebooted = join(node.state, 'rebooted')
  const known = (await readConfiguration(configuration))!
  await writeConfiguration(configuration, { ...known, rebootCommand: `echo x >> ${rebooted}` })
  return rebooted
}

test('AGT-11 an association that restarts the machine goes on afterwards', async () => {
  await using node = await TestNode.registered()
  const rebooted = await pretendToRestart(node)
  await node.start({ bootId: 'one' })
  const lines = [`if [ -e ${node.state}/marker ]; then exit 0; fi`, `touch ${node.state}/marker`, 'exit 194']
  storeDocument(node, 'Reboot', shellDocument(lines))
  const id = node.server.stateManager.associate('Reboot')
  void refresh(node, id)
  await untilTrue(() => existsSync(rebooted))
  await node.stop()
  await node.start({ bootId: 'two' })
  assert.equal((await ended(node, id)).status, 'Success')
  assert.equal(await readFile(rebooted, 'utf8'), 'x\n')
})

test('AGT-11 an association waits for its restart under the next agent too, and no command begins meanwhile', async () => {
  await using node = await TestNode.registered()
  const rebooted = await pretendToRestart(node)
  await node.start({ bootId: 'one' })
  storeDocument(node, 'Reboot', shellDocument([`echo x >> ${node.state}/ran`, 'exit 194']))
  const id = node.server.stateManager.associate('Reboot')
  void refresh(node, id)
  await untilTrue(() => existsSync(rebooted))
  await node.stop()
  await node.start({ bootId: 'one' })
  assert.equal((await node.server.ack(node.server.sendScript('true'))).statusCode, '51401')
  await node.stop()
  await node.start({ bootId: 'one', limits: { rebootPatienceMs: 50 } })
  const { status, summary } = await ended(node, id)
  assert.equal(status, 'Failed')
  assert.match(summary, /exit status 194, and the machine was not restarted/)
  assert.equal(await readFile(join(node.state, 'ran'), 'utf8'), 'x\n')
  assert.equal((await node.server.final(node.server.sendScript('true'))).documentStatus, 'Success')
})

test('STM-07 an association that waits for its restart is stopped', async () => {
  await using node = await TestNode.registered()
  const rebooted = await pretendToRestart(node)
  await node.start({ bootId: 'one' })
  storeDocument(node, 'Reboot', shellDocument(['exit 194']))
  const id = node.server.stateManager.associate('Reboot')
  void refresh(node, id)
  await untilTrue(() => existsSync(rebooted))
  node.server.cancel({ jobId: jobIdOf(id, node.server.nodeId) })
  assert.match((await ended(node, id)).summary, /The run was cancelled\.$/)
})

test('AGT-21 a script of an association outlives the agent, whose successor tells how it ended', async () => {
  await using node = await TestNode.connected()
  const gate = join(node.state, 'gate')
  storeDocument(node, 'Gated', shellDocument([`while [ ! -e ${gate} ]; do sleep 0.05; done`, 'echo through; exit 3']))
  const id = node.server.stateManager.associate('Gated')
  void refresh(node, id)
  await running(node, id)
  await node.stop()
  await writeFile(gate, '')
  await node.start()
  const { status, summary } = await ended(node, id)
  assert.equal(status, 'Failed')
  assert.match(summary, /exit status 3/)
})

test('STM-07 an association whose time is up is stopped, and what waits behind it is not begun', async () => {
  await using node = await TestNode.connected()
  const { stateManager } = node.server
  storeDocument(node, 'Long', shellDocument(['sleep 300']))
  storeDocument(node, 'Next', shellDocument(['true']))
  const long = stateManager.associate('Long')
  const next = stateManager.associate('Next', { DetailedStatus: 'Pending' })
  await refresh(node, long)
  await running(node, long)
  await refresh(node, next)
  for (const id of [next, long]) node.server.cancel({ jobId: jobIdOf(id, node.server.nodeId) })
  const { status, summary } = await ended(node, long)
  assert.equal(status, 'Failed')
  assert.match(summary, /1 out of 1 plugin processed.*\nThe run was cancelled\.$/)
  assert.equal((await ended(node, next)).status, 'Skipped')
})

test('STM-07 what was to stop stops under the next agent too', async () => {
  await using node = await TestNode.connected({ limits: { cancelGraceMs: 60_000 } })
  storeDocument(node, 'Deaf', shellDocument(["trap '' TERM", 'while :; do sleep 0.05; done']))
  const id = node.server.stateManager.associate('Deaf')
  await refresh(node, id)
  await running(node, id)
  const cancelJob = node.server.cancel({ jobId: jobIdOf(id, node.server.nodeId) })
  await node.server.until('the acknowledgement', () => node.server.acks.some(({ jobId }) => jobId === cancelJob))
  await node.stop()
  await node.start({ limits: { cancelGraceMs: 50 } })
  assert.match((await ended(node, id)).summary, /The run was cancelled\.$/)
})

test('AGT-21 a run whose record is damaged is forgotten, and the agent starts', async () => {
  await using node = await TestNode.connected()
  const gate = join(node.state, 'gate')
  storeDocument(node, 'Gated', shellDocument([`while [ ! -e ${gate} ]; do sleep 0.05; done`]))
  const id = node.server.stateManager.associate('Gated')
  void refresh(node, id)
  await running(node, id)
  await node.stop()
  await writeFile(gate, '')
  const [folder] = await runFolders(node, id)
  await writeFile(join(folder!, 'journal'), 'nonsense\n')
  await node.start()
  assert.equal((await node.server.final(node.server.sendScript('true'))).documentStatus, 'Success')
  assert.ok(!existsSync(folder!))
})

test('AGT-22 what is left of a run goes after a day', async () => {
  await using node = await TestNode.connected({ limits: { associationsEveryMs: 30 } })
  storeDocument(node, 'Doc', shellDocument(['echo hello']))
  const id = node.server.stateManager.associate('Doc')
  await ended(node, id)
  const [folder] = await runFolders(node, id)
  await untilTrue(() => existsSync(join(folder!, 'finished')))
  const yesterday = Date.now() / 1000 - 25 * 3600
  await utimes(folder!, yesterday, yesterday)
  await untilTrue(() => !existsSync(folder!))
})
