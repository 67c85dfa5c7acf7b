import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { systemClock } from '#kernel/clock.ts'
import type { OpenCall } from '#kernel/declare.ts'
import type { Gateway, Outlet } from '../gateway.ts'
import { ec2MessagesOperations } from './ec2messages.ts'

/** GetMessages with nothing around it; `left` counts the polls that are over. */
function getMessages(signal = new AbortController().signal) {
  const outlets: Outlet[] = []
  const counts = { left: 0 }
  const gateway = {
    polling(outlet: Outlet) {
      outlets.push(outlet)
      return () => counts.left++
    },
  } as unknown as Gateway
  const operation = ec2MessagesOperations(gateway, systemClock).find(({ name }) => name === 'GetMessages')!
  const call = { scope: { account: '1', region: 'r' }, principal: { kind: 'root' }, signal } as unknown as OpenCall
  const input = { Destination: 'mi-0123456789abcdef0', MessagesRequestId: 'id' }
  const answer = operation.handle(input, call as never) as Promise<{ Messages: unknown[] }>
  return { answer, outlets, counts }
}

test('AGT-02 a poll without messages is held for 16 s, which agents outlast, and is then over', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const { answer, counts } = getMessages()
    await Promise.resolve()
    mock.timers.tick(15_999)
    assert.equal(counts.left, 0)
    mock.timers.tick(1)
    assert.deepEqual((await answer).Messages, [])
    assert.equal(counts.left, 1)
  } finally {
    mock.timers.reset()
  }
})

test('AGT-02 a poll whose caller left before it began is not begun', async () => {
  const { answer, outlets } = getMessages(AbortSignal.abort())
  assert.deepEqual((await answer).Messages, [])
  assert.deepEqual(outlets, [])
})

test('AGT-02 a poll ends once, however much comes at it', async () => {
  const { answer, outlets, counts } = getMessages()
  await Promise.resolve()
  const job = { jobId: 'aws.ssm.c.mi-0123456789abcdef0', topic: 'aws.ssm.sendCommand', content: '{}' }
  outlets[0]!.deliver([job])
  outlets[0]!.deliver([job])
  outlets[0]!.close('replaced')
  assert.equal((await answer).Messages.length, 1)
  assert.equal(counts.left > 0, true)
})
