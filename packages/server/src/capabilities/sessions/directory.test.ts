import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import type { ChannelContext, SessionSighting } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import { sessionChannel } from './channel.ts'
import { sessionDirectory } from './directory.ts'
import { sessions0001 } from './migrations/0001-sessions.ts'
import { addSession, sessionById } from './store.ts'
import { aSessionRow } from './testing/session-row.ts'
import { issueToken } from './tokens.ts'

const AT = new Date('2026-11-21T12:00:00Z')
const NODE = { scope: { account: '000000000000', region: 'us-east-1' }, nodeId: 'mi-0123456789abcdef0' }

type Event = SessionSighting extends infer S ? (S extends SessionSighting ? Omit<S, 'sessionId' | 'at'> : never) : never

for (const kind of DATABASES) {
  async function house() {
    const database = await openTestDatabase(kind, { sessions: sessions0001 })
    const row = aSessionRow({ node_id: NODE.nodeId, started_at: AT.toISOString() })
    await database.write((tx) => addSession(tx, row))
    const told: string[] = []
    return {
      database,
      told,
      id: row.id,
      see: (...events: Event[]) =>
        database.write((tx) =>
          sessionDirectory.seen(
            tx,
            events.map((event) => ({ ...event, sessionId: row.id, at: AT }) as SessionSighting),
          ),
        ),
      complete: (failed: boolean, output: string, log: object = {}) =>
        database.write((db) => {
          const event = {
            kind: 'session-complete',
            jobId: row.id,
            failed,
            output,
            log: { s3Bucket: '', s3UrlSuffix: '', cwlGroup: '', cwlStream: '', ...log },
          } as const
          return sessionChannel.report([{ node: NODE, event }], {
            db,
            now: AT,
            ids: randomIds,
            endSession: (_id: string, words: string) => told.push(words),
          } as never)
        }),
      async state() {
        const { status, details, job } = (await database.read((reader) => sessionById(reader, row.id)))!
        return { status, details, job }
      },
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    }
  }

  test(`SM-09 states follow what the gateway sees, in whatever order it comes (${kind})`, async () => {
    await using the = await house()
    const status = async () => (await the.state()).status
    await the.see({ event: 'client-connected' }, { event: 'client-lost' })
    assert.equal(await status(), 'Connecting', 'the node was not there yet')
    await the.see({ event: 'agent-connected' }, { event: 'client-lost' })
    assert.equal(await status(), 'Disconnected')
    await the.see({ event: 'agent-lost' }, { event: 'agent-connected' })
    assert.equal(await status(), 'Disconnected', 'of the node’s reconnects nobody is told')
    await the.see({ event: 'client-connected' }, { event: 'agent-terminating' }, { event: 'client-lost' })
    assert.equal(await status(), 'Terminating')
    await the.complete(false, '')
    assert.equal(await status(), 'Terminated')
    await the.see({ event: 'agent-connected' }, { event: 'client-connected' }, { event: 'agent-terminating' })
    assert.equal(await status(), 'Terminated', 'what is over stays so')
    await the.database.write((tx) =>
      sessionDirectory.seen(tx, [{ sessionId: 'unknown', at: AT, event: 'agent-connected' }]),
    )
  })

  test(`SM-09 the time in which a node is to complete a session begins anew while output still comes (${kind})`, async () => {
    await using the = await house()
    const deadlineAfter = async (seconds: number) => {
      const at = new Date(AT.getTime() + seconds * 1000)
      const sighting = { sessionId: the.id, at, event: 'agent-terminating' } as const
      await the.database.write((tx) => sessionDirectory.seen(tx, [sighting]))
      const { deadline } = (await the.database.read((reader) => sessionById(reader, the.id)))!
      return (Date.parse(deadline!) - AT.getTime()) / 1000
    }
    await the.see({ event: 'agent-connected' })
    assert.deepEqual([await deadlineAfter(0), await deadlineAfter(20)], [30, 50])
    await the.see({ event: 'ended', output: 'By its owner.', failed: false })
    assert.equal(await deadlineAfter(25), 30, 'not of one that is ended')
  })

  test(`SM-08 what the gateway ends is ended on the node, and says why (${kind})`, async () => {
    await using the = await house()
    await the.see({ event: 'agent-connected' })
    const { wakeNodes } = await the.see({ event: 'ended', output: 'Too long idle.', failed: false })
    assert.deepEqual(wakeNodes, [NODE])
    assert.deepEqual(await the.state(), { status: 'Terminating', details: 'Too long idle.', job: 'end' })
    await the.complete(true, 'killed')
    assert.deepEqual(await the.state(), { status: 'Terminated', details: 'Too long idle.', job: null })
    assert.deepEqual(the.told, ['killed'])
    await the.complete(true, 'killed')
    assert.deepEqual(the.told, ['killed'], 'once')
  })

  test(`SM-08 the reason is kept even if the node was faster (${kind})`, async () => {
    await using the = await house()
    await the.see({ event: 'agent-connected' })
    await the.complete(false, '')
    assert.deepEqual((await the.see({ event: 'ended', output: 'Too long idle.', failed: false })).wakeNodes, [])
    assert.deepEqual(await the.state(), { status: 'Terminated', details: 'Too long idle.', job: null })
  })

  test(`SM-09 what the client acknowledged is kept; a session without its node is nothing to go on with (${kind})`, async () => {
    await using the = await house()
    const open = () => the.database.read((reader) => sessionDirectory.open(reader))
    assert.deepEqual(await open(), [])
    const frames = { below: 7, above: [9, 12] }
    await the.see({ event: 'agent-connected' }, { event: 'acknowledged', frames })
    const [session] = await open()
    assert.partialDeepStrictEqual(session, { sessionId: the.id, idleMs: 1_200_000, acknowledged: frames })
    await the.see({ event: 'ended', output: 'The connection to the node was lost.', failed: true })
    assert.deepEqual(await open(), [])
    assert.partialDeepStrictEqual(await the.state(), { status: 'Failed', job: 'end' })
  })

  test(`SM-01 a token tells who it is for, once; after the end, what its user is to be told (${kind})`, async () => {
    await using the = await house()
    const redeem = (token: string, now = AT) =>
      the.database.write((tx) => sessionDirectory.redeem(tx, the.id, token, now))
    const issue = (side: 'client' | 'viewer') => the.database.write((tx) => issueToken(tx, the.id, side, AT))
    const agent = await the.database.write((tx) => sessionDirectory.admitAgent(tx, NODE, the.id, AT))
    assert.partialDeepStrictEqual(await redeem(agent), { side: 'agent', session: { sessionId: the.id } })
    assert.equal(await redeem(agent), undefined)
    const viewers = [await issue('viewer'), await issue('viewer')]
    for (const viewer of viewers) assert.partialDeepStrictEqual(await redeem(viewer), { side: 'viewer' })
    assert.equal(await redeem(await issue('client'), new Date(AT.getTime() + 60_000)), undefined)
    const late = await issue('client')
    await the.see({ event: 'ended', output: 'Too long idle.', failed: true })
    assert.deepEqual(await redeem(late), { over: 'Too long idle.' })
    const stranger = { ...NODE, nodeId: 'mi-00000000000000000' }
    const admit = (node: typeof NODE) => the.database.write((tx) => sessionDirectory.admitAgent(tx, node, the.id, AT))
    await assert.rejects(admit(stranger), { code: 'DoesNotExistException' })
    await assert.rejects(admit(NODE), { message: /Session is already terminated/ })
  })

  test(`SM-01 a start is sent until it arrived, an end until it is confirmed, both anew to a node that comes back (${kind})`, async () => {
    await using the = await house()
    const next = async (seconds: number, fresh: string[] = []) => {
      const now = new Date(AT.getTime() + seconds * 1000)
      const context = { now, ids: randomIds } as unknown as ChannelContext
      const answer = await the.database.write((db) => sessionChannel.next([NODE], { ...context, db }, new Set(fresh)))
      return answer.flatMap(({ jobs }) => jobs.map(({ message, content }) => `${message} ${content.slice(0, 8)}`))
    }
    assert.deepEqual(await next(0), ['interactive_shell {"start"'])
    assert.deepEqual(await next(1), [])
    assert.deepEqual(await next(1, [NODE.nodeId]), ['interactive_shell {"start"'])
    assert.deepEqual(await next(3), ['interactive_shell {"start"'])
    await the.database.write((tx) => sessionDirectory.admitAgent(tx, NODE, the.id, AT))
    assert.deepEqual(await next(10), [])
    await the.see({ event: 'ended', output: '', failed: true })
    assert.deepEqual(await next(0), ['channel_closed {"Messag'])
    assert.deepEqual(await next(60), [], 'it is over here, so it is told again only to a node that comes back')
    assert.deepEqual(await next(60, [NODE.nodeId]), ['channel_closed {"Messag'])
    await the.complete(false, '')
    assert.deepEqual(await next(61, [NODE.nodeId]), [])
  })
}
