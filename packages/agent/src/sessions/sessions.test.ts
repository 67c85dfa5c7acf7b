import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestNode } from '#testing/test-node.ts'

const shell = { schemaVersion: '1.0', sessionType: 'Standard_Stream', inputs: { runAsEnabled: false } }

test('SM-01 a shell opens in a terminal, echoes, and ends with exit', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(shell)
  await session.shows('$')
  session.type('echo sum=$((40+2)); tty\n')
  await session.shows(/sum=42\r\n\/dev\/pts/)
  session.type('exit\n')
  const { status, output } = await session.ended()
  assert.deepEqual([status, output], ['Success', ''])
  assert.deepEqual(session.states, ['Connected', 'Terminating'])
})
