/** Recordings of sessions while the server that takes them down is killed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@steward/testkit'
import { environment, STEWARD, steward as typed } from './clients.ts'
import { type Agent, Installation } from './installation.ts'
import { Screen } from './screen.ts'

const PROMPT = /[$#] $/
const LINES = 300
const LINES_A_SECOND = 25

test('SM-12 kill -9 of the server costs a recording its last moment and no more, and the recording says so', async () => {
  await using steward = await Installation.start()
  const [agent] = (await steward.startAgents(1)) as [Agent]
  using screen = new Screen(process.execPath, [STEWARD, 'shell', agent.id], environment(steward))
  await screen.shows(PROMPT)
  screen.type(`for i in $(seq ${LINES}); do echo line-$i; sleep ${1 / LINES_A_SECOND}; done; echo ov""er\r`)
  await screen.shows(/line-60\b/)
  await steward.killServer()
  await steward.startServer()
  await screen.shows(/\nover\s+[$#] $/, 60_000)
  screen.type('exit\r')
  assert.equal(await screen.ended, 0)

  const recordings = async () => JSON.parse((await typed(steward, ['sessions', 'recordings', '--json'])).out.toString())
  const [{ SessionId }] = await eventually(async () => {
    const all = await recordings()
    return all[0]?.EndDate !== undefined && all
  })
  const verified = await typed(steward, ['sessions', 'verify', SessionId])
  assert.match(verified.out.toString(), /^The recording is whole: .*\nThe audit trail says the same/s)
  assert.equal((await typed(steward, ['audit', 'verify'])).code, 0)

  const replayed = (await typed(steward, ['sessions', 'play', SessionId])).out.toString()
  const numbers = [...replayed.matchAll(/^line-(\d+)\r*$/gm)].map(([, number]) => Number(number))
  assert.deepEqual(numbers, [...new Set(numbers)])
  assert.ok(numbers.length > LINES - 2 * LINES_A_SECOND, `${numbers.length} of ${LINES} lines`)
  const { out } = await typed(steward, ['sessions', 'export', SessionId])
  assert.match(out.toString(), /"m", "The server was restarted/)
})
