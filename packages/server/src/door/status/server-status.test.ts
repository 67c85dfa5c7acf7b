import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, startServer } from '@steward/testkit'
import { ask } from '#capabilities/recordings/testing/recorded-session.ts'

for (const database of DATABASES) {
  test(`X-28 ${database}: the server says how it is doing`, async () => {
    await using server = await startServer({ database, https: true, env: { STEWARD_AUDIT_RETENTION_DAYS: '365' } })
    const status = await ask(server, 'GetServerStatus', {})
    const { Database, Listeners, Tasks, Retention, DataDirectory, Connections, ...rest } = status as Record<
      string,
      never
    >
    assert.match(rest.Version, /^\d+\.\d+\.\d+$/)
    assert.equal(rest.TestMode, true)
    const { Kind, SizeBytes, ReadMilliseconds, WriteMilliseconds } = Database as Record<string, unknown>
    assert.equal(Kind, database)
    for (const number of [SizeBytes, ReadMilliseconds, WriteMilliseconds]) assert.ok(Number(number) > 0)
    const [, https] = Listeners as { Protocol: string; Certificate: Record<string, unknown> }[]
    assert.equal(https!.Protocol, 'https')
    assert.ok(Number(https!.Certificate.NotAfter) > Date.now() / 1000)
    assert.ok((https!.Certificate.SubjectAlternativeNames as string[]).includes('localhost'))
    assert.ok((Tasks as { Name: string }[]).some(({ Name }) => Name === 'commands.dispatch'))
    assert.equal((Retention as { AuditDays: number }).AuditDays, 365)
    assert.ok((DataDirectory as { FreeBytes: number }).FreeBytes > 0)
    assert.deepEqual(Connections, { Nodes: 0, Sessions: 0, EventStreams: 0 })
  })
}
