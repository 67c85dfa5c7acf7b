import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startServer } from '@steward/testkit'
import { steward } from '#main.ts'
import { capturedIo } from '#testing/captured-io.ts'

test('CMP-10 evidence is made, read, verified, signed and scheduled from the command line', async () => {
  await using server = await startServer()
  await server.fakeNodes(2, { connected: false })
  const folder = mkdtempSync(join(tmpdir(), 'steward-evidence-'))
  try {
    const { accessKeyId, secretAccessKey } = server.house.rootKey
    const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
    const evidence = async (...words: string[]) => {
      const io = capturedIo(env)
      assert.equal(await steward(['compliance', 'evidence', ...words], io), 0, io.err())
      return { out: io.out(), err: io.err() }
    }
    const made = await evidence('create', '--name', 'Quarter')
    const id = made.out.trim()
    assert.match(made.err, /^0 compliant, 0 not, 2 never reported, of 2; SHA-256 [0-9a-f]{64}\n$/)
    const digest = made.err.trim().slice(-64)
    const csv = join(folder, 'report.csv')
    await evidence('get', id, '--output', csv)
    assert.equal(createHash('sha256').update(readFileSync(csv)).digest('hex'), digest)
    assert.match((await evidence('get', id, '--format', 'pdf', '--output', '-')).out, /^%PDF-/)

    const signed = await evidence('sign', id, '--accept', '--comment', 'Seen', '--digest', digest)
    assert.equal(signed.out, `arn:aws:iam::000000000000:root accepted ${digest}\n`)
    assert.match((await evidence('list')).out, /Quarter .* 0 compliant, 0 not, 2 never reported, of 2 +Accepted/)
    assert.equal(JSON.parse((await evidence('get', id)).out).SignOffs[0].Comment, 'Seen')

    const put = await evidence('schedule', 'put', 'weekly', '--expression', 'rate(7 days)', '--tag', 'role=web')
    assert.match(put.out, /^The next report is made at 2\d{3}-/)
    assert.match((await evidence('schedule', 'list')).out, /weekly +rate\(7 days\) UTC/)
    await evidence('schedule', 'delete', 'weekly')
    await evidence('delete', id)
    assert.match((await evidence('list')).err, /no evidence report/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
