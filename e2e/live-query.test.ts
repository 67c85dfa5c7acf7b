/** Questions to nodes with agents of their own, as people ask them. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { run, STEWARD } from './clients.ts'
import { Installation } from './installation.ts'

test('INV-19 connected nodes tell a fact within five seconds, and who is away is named', async () => {
  await using steward = await Installation.start()
  const agents = await steward.startAgents(2)
  const away = await steward.addAgent()
  const ask = (...words: string[]) => typed(steward, 'ask', ...words, '--format', 'json')
  const connected = agents.map(({ id }) => id).toSorted()

  const all = await ask('kernel', '--wait', '5')
  assert.equal(all.code, 1)
  assert.match(all.err, new RegExp(`^Offline, so not asked: ${away.id}\\.$`, 'm'))
  const seconds = Number(/^2 of 3 nodes answered in ([\d.]+) s/m.exec(all.err)?.[1])
  assert.ok(seconds <= 5, all.err)
  assert.deepEqual(nodesIn(all.rows), connected)

  const file = join(steward.folder, "it's $(id)")
  writeFileSync(file, 'content')
  const sha256 = createHash('sha256').update('content').digest('hex')
  const hashes = await ask('file-hash', '--path', file, '--nodes', connected.join(), '--wait', '30')
  assert.equal(hashes.code, 0, hashes.err)
  assert.deepEqual(
    hashes.rows.map((row) => row.sha256),
    [sha256, sha256],
  )
  const processes = await ask('processes', '--nodes', connected.join(), '--where', `pid=${process.pid}`, '--wait', '30')
  assert.deepEqual(nodesIn(processes.rows), connected)
})

type Row = Record<string, string | number>

function nodesIn(rows: readonly Row[]): unknown[] {
  return rows.map((row) => row.node_id).toSorted()
}

async function typed(steward: Installation, ...words: string[]) {
  const { code, out, err } = await run(steward, process.execPath, [STEWARD, ...words])
  return { code, rows: JSON.parse(out.toString() || '[]') as Row[], err }
}
