import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { withInterrupts } from './interrupts.ts'
import { capturedIo } from './testing/captured-io.ts'

function aWatch(terminal: boolean) {
  const io = capturedIo({}, { terminal })
  const happened: string[] = []
  const view = { pause: () => {}, resume: () => {}, say: (text: string) => void happened.push(text) }
  const cancelled = Promise.withResolvers<void>()
  const stop = withInterrupts(
    io,
    view,
    () => void happened.push('left'),
    async () => cancelled.resolve(void happened.push('cancelled')),
  )
  return { io, happened, cancelled: cancelled.promise, stop }
}

test('the first Ctrl-C asks, and yes cancels', async () => {
  const { io, happened, cancelled, stop } = aWatch(true)
  io.interrupt()
  assert.match(io.err(), /Cancel the command\? \[y\/N\]/)
  io.keyboard.write('y\r')
  await cancelled
  assert.deepEqual(happened, ['Cancelling …', 'cancelled'])
  stop()
})

test('no goes on, and the second Ctrl-C leaves', async () => {
  const { io, happened, stop } = aWatch(true)
  io.interrupt()
  io.keyboard.write('\r')
  await turn()
  await turn()
  assert.deepEqual(happened, [])
  io.interrupt()
  assert.deepEqual(happened, ['left'])
  stop()
})

test('a second Ctrl-C instead of an answer leaves', async () => {
  const { io, happened, stop } = aWatch(true)
  io.interrupt()
  io.interrupt()
  await turn()
  assert.deepEqual(happened, ['left'])
  stop()
})

test('where nobody can be asked, the first Ctrl-C leaves', () => {
  const { io, happened, stop } = aWatch(false)
  io.interrupt()
  assert.deepEqual(happened, ['left'])
  stop()
})
