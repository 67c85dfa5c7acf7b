import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer, type TestServer } from '@steward/testkit'
import { aConnectedNode, ask, RecordedSession } from '../testing/recorded-session.ts'

type Match = { SessionId: string; Text: string; Milliseconds: number }

/** All matches, page by page. */
async function searched(server: TestServer, input: object): Promise<Match[]> {
  const matches: Match[] = []
  let NextToken: unknown
  do {
    const page = await ask(server, 'SearchSessionRecordings', { ...input, NextToken })
    matches.push(...(page.Matches as Match[]))
    NextToken = page.NextToken
  } while (NextToken)
  return matches
}

test('SM-12 a search finds what sessions showed, as it stood on the screen, page by page', async () => {
  await using server = await startServer()
  const node = await aConnectedNode(server)
  const older = await RecordedSession.start(server, node)
  older.show('$ syss\b \btemctl \x1b[1mrestart\x1b[0m nginx\r\n')
  older.show('Failed to restart nginx.service: Access denied\r\n$ exit\r\n')
  await older.end()
  await server.advance(60_000)
  const newer = await RecordedSession.start(server, node)
  for (let line = 0; line < 7; line++) newer.show(`restart number ${line}\r\n`)
  newer.show('and a line that does not end: RESTART')
  await newer.stored('RESTART')

  const texts = (matches: readonly Match[]) => matches.map(({ Text }) => Text)
  const ofNewer = [
    ...[0, 1, 2, 3, 4, 5, 6].map((line) => `restart number ${line}`),
    'and a line that does not end: RESTART',
  ]
  const ofOlder = ['$ systemctl restart nginx', 'Failed to restart nginx.service: Access denied']
  assert.deepEqual(texts(await searched(server, { Query: 'restart' })), [...ofNewer, ...ofOlder])
  assert.deepEqual(texts(await searched(server, { Query: 'Restart', MaxResults: 3 })), [...ofNewer, ...ofOlder])
  assert.deepEqual(texts(await searched(server, { Query: 'restart n', SessionId: older.sessionId })), ofOlder)
  assert.deepEqual(await searched(server, { Query: 'restart', Target: 'mi-00000000000000000' }), [])
  assert.deepEqual(await searched(server, { Query: 'nowhere' }), [])
  await newer.end()
  assert.equal((await searched(server, { Query: 'restart' })).length, 10)
})
