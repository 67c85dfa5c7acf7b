import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { steward } from '#main.ts'
import { capturedIo } from '#testing/captured-io.ts'
import { auditVerify } from './audit-verify.ts'

/** An export of some records, as JSON lines. */
function exported(count: number): string[] {
  let PreviousHash = 'f'.repeat(64)
  return Array.from({ length: count }, (_, index) => {
    const Event = JSON.stringify({ eventName: `Call${index}` })
    const Hash = hash('sha256', `${PreviousHash}\n${Event}`, 'hex')
    const line = JSON.stringify({ Number: 41 + index, PreviousHash, Hash, Event })
    PreviousHash = Hash
    return line
  })
}

async function verify(lines: readonly string[]): Promise<{ code: number; out: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-cli-'))
  const file = join(folder, 'export.jsonl')
  writeFileSync(file, `${lines.join('\n')}\n`)
  const io = capturedIo()
  try {
    return { code: await auditVerify(io, { file }), out: io.out() }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('REP-05 an export is verified without a server, wherever in the trail it begins', async () => {
  const { code, out } = await verify(exported(3))
  assert.equal(code, 0)
  assert.match(out, /^The audit trail is whole: 3 records, numbers 41 to 43\.\nLast hash: [0-9a-f]{64}\n$/)
})

test('REP-05 a changed, missing or broken line of an export is found and named', async () => {
  const lines = exported(4)
  const changed = lines.with(1, lines[1]!.replace('Call1', 'Call9'))
  const cases = [changed, lines.toSpliced(1, 1), lines.with(1, '{"Number":'), lines.with(1, lines[2]!)]
  for (const broken of cases) {
    const { code, out } = await verify(broken)
    assert.equal(code, 1)
    assert.match(out, /^The audit trail is broken at record 42: /)
  }
})

test('REP-05 a file that cannot be read, or without any record, is neither whole nor broken', async () => {
  for (const file of ['/nonexistent/export.jsonl', tmpdir()]) {
    const io = capturedIo()
    assert.equal(await steward(['audit', 'verify', '--file', file], io), 2)
    assert.equal(io.out(), '')
    assert.match(io.err(), /^steward: \S+ cannot be read: .*\n$/)
  }
  await assert.rejects(verify(['', '']), { exitCode: 2, message: /has no record in it\.$/ })
  for (const line of ['null', '{}', '7']) {
    const { code, out } = await verify([line])
    assert.deepEqual([code, /is broken at record 1: The line is no record\./.test(out)], [1, true])
  }
})
