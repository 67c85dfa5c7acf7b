import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { silentLogger } from '#kernel/logger.ts'
import { listen } from './listener.ts'
import { openWaitingRoom } from './waiting-room.ts'

const address = { host: '127.0.0.1', port: 0 }
const parts = {
  address,
  tls: undefined,
  routes: [({ path }: { path: string }) => ({ status: 200, headers: {}, body: path })],
  upgrade: () => {},
  log: silentLogger,
}

test('SM-09 who comes while the server is being built is answered when it is ready; so are all after', async () => {
  const taken = await listen(parts)
  await taken.stop()
  const early = { host: '127.0.0.1', port: taken.address.port }
  const room = await openWaitingRoom(early)
  const url = `http://127.0.0.1:${early.port}`
  const waiting = [fetch(`${url}/one`), fetch(`${url}/two`)]
  const gone = connect(early.port, early.host)
  await once(gone, 'connect')
  gone.resetAndDestroy()

  const listener = await listen({ ...parts, room })
  assert.equal(listener.address.port, early.port)
  const answers = await Promise.all([...waiting, fetch(`${url}/three`)])
  assert.deepEqual(await Promise.all(answers.map((answer) => answer.text())), ['/one', '/two', '/three'])
  await listener.stop()
  await assert.rejects(fetch(url))
})
