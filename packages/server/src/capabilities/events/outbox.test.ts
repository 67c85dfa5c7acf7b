import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import { tables } from '#db/database.ts'
import { randomIds } from '#kernel/ids.ts'
import { eventsCapability } from './index.ts'
import { emitEvent } from './outbox.ts'
import type { EventTables } from './tables.ts'

const SCOPE = { account: '000000000000', region: 'us-east-1' }
const NOW = new Date('2026-01-02T03:04:05.678Z')

for (const kind of DATABASES) {
  test(`EVT-01 ${kind}: an event that a rule wants is stored with its change; what nobody wants is not`, async () => {
    await using database = await openTestDatabase(kind, eventsCapability.migrations)
    const emit = (detail: Record<string, unknown>) =>
      database.write((tx) =>
        emitEvent(tx, SCOPE, NOW, randomIds, { detailType: 'Thing', resources: ['arn:a'], detail }),
      )
    const stored = () =>
      database.read((reader) => tables<EventTables>(reader).selectFrom('event_outbox').selectAll().execute())

    await emit({ state: 'bad' })
    assert.deepEqual(await stored(), [])

    await database.write((tx) =>
      tables<EventTables>(tx)
        .insertInto('event_rule')
        .values({
          ...SCOPE,
          bus: 'default',
          name: 'r',
          pattern: '{"source":["aws.ssm"],"detail":{"state":["bad"]}}',
          schedule: null,
          state: 'ENABLED',
          description: null,
          role_arn: null,
          next_run: null,
        })
        .execute(),
    )
    await emit({ state: 'good' })
    await emit({ state: 'bad' })
    const [row, ...more] = await stored()
    assert.equal(more.length, 0)
    assert.equal(row?.about, 'arn:a')
    const { id, ...event } = JSON.parse(row!.event)
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(event, {
      version: '0',
      'detail-type': 'Thing',
      source: 'aws.ssm',
      account: '000000000000',
      time: '2026-01-02T03:04:05Z',
      region: 'us-east-1',
      resources: ['arn:a'],
      detail: { state: 'bad' },
    })
  })
}
