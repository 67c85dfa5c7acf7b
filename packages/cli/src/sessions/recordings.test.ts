import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { aConnectedNode, RecordedSession } from '@steward/server/capabilities/recordings/testing/recorded-session.ts'
import { eventually, startServer, type TestServer } from '@steward/testkit'
import { steward } from '#main.ts'
import { type CapturedIo, capturedIo } from '#testing/captured-io.ts'

function ioOf(server: TestServer, options: { terminal?: boolean } = {}): CapturedIo {
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const env = {
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: server.house.config.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  }
  return capturedIo(env, options)
}

async function run(server: TestServer, ...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = ioOf(server)
  const code = await steward(['sessions', ...words], io)
  return { code, out: io.out(), err: io.err() }
}

/** A sealed recording of these pieces of output. */
async function recorded(server: TestServer, ...pieces: string[]): Promise<string> {
  const session = await RecordedSession.start(server, await aConnectedNode(server))
  for (const piece of pieces) session.show(piece)
  await session.end()
  return session.sessionId
}

test('SM-12 play writes the bytes that were shown, and export a file that plays the same', async () => {
  await using server = await startServer()
  const shown = ['$ printf\r\n', '\x1b[31mred\x1b[0m caf\u00e9 \u2028 \ud83c\udf89\r\n', 'end']
  const id = await recorded(server, ...shown)
  const played = await run(server, 'play', id)
  assert.deepEqual([played.code, played.out], [0, shown.join('')])

  const folder = mkdtempSync(join(tmpdir(), 'steward-cast-'))
  const file = join(folder, 'session.cast')
  try {
    assert.equal((await run(server, 'export', id, '--output', file)).code, 0)
    assert.equal((await run(server, 'export', id)).out, readFileSync(file, 'utf8'))
    assert.equal((await run(server, 'play', file)).out, shown.join(''))
    assert.match((await run(server, 'export', id, '--text')).out, / \$ printf\n.* red café . 🎉\n.* end\n$/s)
    const again = await run(server, 'export', id, '--output', file)
    assert.match(again.err, /is there already/)

    const verified = await run(server, 'verify', id, '--file', file)
    assert.equal(verified.code, 0)
    assert.match(
      verified.out,
      /^The recording is whole: \d lines\.\nLast hash: [0-9a-f]{64}\nThe audit trail says the same/,
    )
    assert.match(verified.out, /session.cast is this recording\.\n$/)
    writeFileSync(file, readFileSync(file, 'utf8').replace('red', 'rad'))
    const changed = await run(server, 'verify', id, '--file', file)
    assert.equal(changed.code, 1)
    assert.match(changed.out, /is not this recording/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('SM-12 in a terminal a recording takes its time, from where one likes, and q ends it', async () => {
  await using server = await startServer()
  const folder = mkdtempSync(join(tmpdir(), 'steward-cast-'))
  const file = join(folder, 'session.cast')
  writeFileSync(file, '{"version":2}\n[1.000, "o", "one "]\n[2.000, "r", "90x20"]\n[900.000, "o", "two"]\n')
  try {
    const fast = ioOf(server, { terminal: true })
    const began = performance.now()
    assert.equal(await steward(['sessions', 'play', file, '--idle', '0.05', '--from', '2'], fast), 0)
    assert.ok(performance.now() - began >= 45)
    assert.ok(fast.out().startsWith('one two\x1b[0m'))

    const left = ioOf(server, { terminal: true })
    const playing = steward(['sessions', 'play', file, '--idle', '1000', '--from', '2'], left)
    await eventually(() => left.out() === 'one ')
    left.keyboard.write('q')
    assert.equal(await playing, 130)
    assert.doesNotMatch(left.out(), /two/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('SM-12 watch shows what was and what comes, until the session is over; views says who looked', async () => {
  await using server = await startServer()
  const session = await RecordedSession.start(server, await aConnectedNode(server))
  session.show('before ')
  await session.stored('before ')
  const io = ioOf(server)
  const watching = steward(['sessions', 'watch', session.sessionId], io)
  await eventually(() => io.out() === 'before ')
  session.show('after')
  await eventually(() => io.out() === 'before after')
  await session.end()
  assert.equal(await watching, 0)
  const { out } = await run(server, 'views', session.sessionId)
  assert.match(out, /watch +arn:aws:iam::000000000000:root +127\.0\.0\.1/)
})

test('SM-12 search and recordings list what there is', async () => {
  await using server = await startServer()
  const id = await recorded(server, '$ systemctl restart nginx\r\nFailed\r\n')
  assert.match(
    (await run(server, 'search', 'RESTART')).out,
    new RegExp(`${id} {2}\\d:\\d\\d {2}\\$ systemctl restart nginx\n$`),
  )
  assert.match((await run(server, 'search', 'nothing like it')).err, /No session showed it/)
  assert.match((await run(server, 'recordings')).out, new RegExp(`${id} .* sealed\n$`))
  const missing = await run(server, 'play', 'nobody-0')
  assert.match(missing.err, /There is no recording of session nobody-0/)
})
