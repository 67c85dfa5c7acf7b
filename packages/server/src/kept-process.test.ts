import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually } from '@steward/testkit'
import { KeptProcess } from './kept-process.ts'

test('a process that ends by itself is started again, one that was stopped is not', async () => {
  const log = join(mkdtempSync(join(tmpdir(), 'steward-kept-')), 'log')
  const ends: string[] = []
  const script = 'console.log("begun"); setInterval(() => {}, 1e6)'
  const kept = new KeptProcess([process.execPath, '-e', script], log, (how) => ends.push(how))
  const starts = () => readFileSync(log, 'utf8').split('begun').length - 1
  await eventually(() => starts() === 1)
  process.kill(kept.pid!, 'SIGKILL')
  await eventually(() => starts() === 2)
  assert.deepEqual(ends, ['SIGKILL'])
  assert.equal(kept.end, undefined)
  await kept.stop()
  assert.equal(kept.end, 'SIGTERM')
  assert.deepEqual(ends, ['SIGKILL'])
})
