import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aSession } from '../testing/data-channel-lab.ts'
import { overdue, type Presence } from './time-limits.ts'

const start = new Date('2026-11-21T12:00:00Z')
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000)

function ending(seconds: number, seen: Partial<Presence>, session = {}, clockIsSteady = true) {
  const presence: Presence = {
    since: start,
    restored: false,
    clientCame: true,
    agentGoneSince: undefined,
    agentIsPatient: false,
    lastUse: start,
    ...seen,
  }
  return overdue(aSession({ idleMs: 600_000, ...session }), presence, after(seconds), clockIsSteady)
}

test('SM-08 a session ends when it was idle for its time, or has had all its time', () => {
  assert.equal(ending(599, {}), undefined)
  assert.match(ending(600, {})!.output, /inactivity/)
  assert.equal(ending(900, { lastUse: after(400) }), undefined)
  assert.match(ending(900, { lastUse: after(800) }, { endsAt: after(900) })!.output, /maximum duration/)
  assert.equal(ending(899, { lastUse: after(800) }, { endsAt: after(900) }), undefined)
})

test('SM-09 how long an agent may be gone depends on what it does to come back', () => {
  const gone = { agentGoneSince: start }
  const cases: [limit: number, seen: Partial<Presence>][] = [
    [15, gone],
    [30, { ...gone, restored: true }],
    [300, { ...gone, agentIsPatient: true }],
    [300, { ...gone, agentIsPatient: true, restored: true }],
  ]
  for (const [limit, seen] of cases) {
    assert.equal(ending(limit - 1, seen), undefined)
    assert.equal(ending(limit, seen)?.failed, true)
  }
})

test('SM-09 a session whose client never comes ends after a minute', () => {
  assert.equal(ending(59, { clientCame: false }), undefined)
  assert.equal(ending(60, { clientCame: false })?.failed, false)
  assert.equal(ending(61, {}), undefined)
})

test('SM-08 a clock that jumped ends no session, but an agent that is gone does', () => {
  assert.equal(ending(9999, {}, { endsAt: after(1) }, false), undefined)
  assert.equal(ending(9999, { clientCame: false }, {}, false), undefined)
  assert.equal(ending(15, { agentGoneSince: start }, {}, false)?.failed, true)
})
