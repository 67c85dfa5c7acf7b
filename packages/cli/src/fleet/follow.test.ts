import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { ApiFault, ServerAway } from '#fault.ts'
import type { Progress } from './fleet-screen.ts'
import { follow } from './follow.ts'
import type { Piece } from './node-outputs.ts'
import { type Calls, patient } from './patient-calls.ts'

const DONE = { Commands: [{ Status: 'Success', TargetCount: 1, CompletedCount: 1 }] }
const RUNNING = { Commands: [{ Status: 'InProgress', TargetCount: 1 }] }

/** Answers each operation with what a list says, in turn, the last one for ever; an error is thrown. */
function aServer(answers: Record<string, readonly unknown[]>) {
  const asked: { operation: string; input: Record<string, unknown> }[] = []
  const call = async (operation: string, input: Record<string, unknown>, signal: AbortSignal) => {
    await turn(undefined, { signal })
    const list = answers[operation]!
    const answer = list[Math.min(asked.filter((call) => call.operation === operation).length, list.length - 1)]
    asked.push({ operation, input })
    if (answer instanceof Error) throw answer
    return answer
  }
  const faults: string[] = []
  const calls = patient({ ssm: call, steward: call } as unknown as Calls, ({ message }) => faults.push(message))
  return { asked, faults, calls }
}

class Listener {
  text = ''
  last: Progress | undefined
  output({ data }: Piece): void {
    this.text += Buffer.from(data).toString()
  }
  progress(progress: Progress): void {
    this.last = progress
  }
}

function chunk(text: string, NextToken: string) {
  return { Chunks: [{ InstanceId: 'mi-1', StreamName: 'stdout', Data: btoa(text) }], NextToken }
}

const never = new AbortController().signal

test('RC-21 output is handed over in order, each request going on where the last ended, and follows to the end', async () => {
  const { asked, calls } = aServer({
    GetCommandOutput: [chunk('one ', 't1'), { NextToken: 't1' }, chunk('two', 't2'), { Complete: true }],
    ListCommands: [RUNNING, DONE],
  })
  const listener = new Listener()
  const progress = await follow(calls, 'id', listener, never)
  assert.equal(listener.text, 'one two')
  assert.deepEqual(progress, {
    status: 'Success',
    statusDetails: 'Success',
    total: 1,
    done: 1,
    failed: 0,
    undelivered: 0,
  })
  const tokens = asked.filter(({ operation }) => operation === 'GetCommandOutput').map(({ input }) => input.NextToken)
  assert.deepEqual(tokens, [undefined, 't1', 't1', 't2'])
})

test('a server that is away for a moment is told once and asked again, and nothing is lost or repeated', async () => {
  const gone = new ServerAway('Nothing answers.')
  const broken = new ApiFault('ListCommands', { code: 'InternalServerError', message: '', status: 500 })
  const { faults, calls } = aServer({
    GetCommandOutput: [chunk('one ', 't1'), gone, gone, chunk('two', 't2'), { Complete: true }],
    ListCommands: [broken, DONE],
  })
  const listener = new Listener()
  await follow(calls, 'id', listener, never)
  assert.equal(listener.text, 'one two')
  assert.deepEqual(faults.sort(), ['ListCommands was refused: InternalServerError', 'Nothing answers.'])
})

test('a refusal ends it', async () => {
  const refusal = new ApiFault('GetCommandOutput', { code: 'AccessDeniedException', message: 'No.', status: 400 })
  const { calls } = aServer({ GetCommandOutput: [refusal], ListCommands: [RUNNING] })
  await assert.rejects(follow(calls, 'id', new Listener(), never), refusal)
})

test('a command that is not there is a fault with a hint', async () => {
  const { calls } = aServer({ GetCommandOutput: [{ NextToken: 't' }], ListCommands: [{ Commands: [] }] })
  await assert.rejects(follow(calls, 'id', new Listener(), never), /There is no command id here/)
})

test('following stops at once when it is told to', async () => {
  const { calls } = aServer({ GetCommandOutput: [{ NextToken: 't' }], ListCommands: [RUNNING] })
  const stop = new AbortController()
  const following = follow(calls, 'id', new Listener(), stop.signal)
  setImmediate(() => stop.abort())
  await assert.rejects(following, { name: 'AbortError' })
})
