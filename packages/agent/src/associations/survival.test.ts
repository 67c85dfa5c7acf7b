import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
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

test('AGT-11 an association that restarts the machine goes on afterwards', async () => {
  await using node = await TestNode.registered()
  const { configuration } = stateDirectory(node.state)
  const rebooted = join(node.state, 'rebooted')
  await writeConfiguration(configuration, {
    ...(await readConfiguration(configuration))!,
    rebootCommand: `echo x >> ${rebooted}`,
  })
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
