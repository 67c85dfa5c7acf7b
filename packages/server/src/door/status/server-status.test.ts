import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GetServerStatusResult } from '@steward/model/generated/steward.ts'
import { DATABASES, startServer } from '@steward/testkit'
import { ask } from '#capabilities/recordings/testing/recorded-session.ts'

for (const database of DATABASES) {
  test(`X-28 ${database}: the server says how it is doing`, async () => {
    await using server = await startServer({ database, https: true, env: { STEWARD_AUDIT_RETENTION_DAYS: '365' } })
    const status = (await ask(server, 'GetServerStatus', {})) as GetServerStatusResult
    assert.match(status.Version!, /^\d+\.\d+\.\d+$/)
    assert.equal(status.TestMode, true)
    const { Kind, SizeBytes, ReadMilliseconds, WriteMilliseconds } = status.Database!
    assert.equal(Kind, database)
    for (const number of [SizeBytes, ReadMilliseconds, WriteMilliseconds]) assert.ok(number! > 0)
    const [, https] = status.Listeners!
    assert.equal(https!.Protocol, 'https')
    assert.ok(Number(https!.Certificate!.NotAfter) > Date.now() / 1000)
    assert.ok(https!.Certificate!.SubjectAlternativeNames!.includes('localhost'))
    assert.ok(status.Tasks!.some(({ Name }) => Name === 'commands.dispatch'))
    assert.equal(status.Retention!.AuditDays, 365)
    assert.ok(status.DataDirectory!.FreeBytes! > 0)
    assert.deepEqual(status.Connections, { Nodes: 0, Sessions: 0, EventStreams: 0 })
  })
}
