import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Logger, silentLogger } from '#kernel/logger.ts'
import type { HttpRequest, HttpResponse } from '../http-message.ts'
import { ReadingThreads } from './reading-threads.ts'

/** A thread that does to each question what `body` says. */
function threadOf(body: string): URL {
  const code = `
    import { parentPort, workerData } from 'node:worker_threads'
    const answer = (id, text, more) => {
      const bodies = new TextEncoder().encode(text)
      const response = { status: 200, headers: {}, length: bodies.length }
      parentPort.postMessage({ notes: [], answers: [{ id, proven: true, response, ...more }], bodies })
    }
    const signOfLife = { notes: [], answers: [], bodies: new Uint8Array() }
    parentPort.on('message', (questions) => questions === '[]' && parentPort.postMessage(signOfLife))
    parentPort.on('message', (questions) => JSON.parse(questions).forEach((question) => { ${body} }))
    parentPort.postMessage({ ready: true })`
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`)
}

function threads(file: URL, more: Partial<ConstructorParameters<typeof ReadingThreads>[0]> = {}) {
  const made = new ReadingThreads({
    count: 1,
    file,
    start: () => ({}),
    standing: () => 'one',
    account: '1',
    reads: new Map([['S.Read', { service: 's', operation: 'Read', family: 'reads' }]]),
    throttle: { borrow: () => true, giveBack: () => {} },
    audit: { push: () => undefined, write: async () => {} },
    observe: () => {},
    keyUsed: () => {},
    refused: () => {},
    refuseHere: ({ body }, error) => ({
      status: 503,
      headers: {},
      body: `refused ${body}: ${(error as Error).message}`,
    }),
    answerHere: async ({ body }) => ({ status: 200, headers: {}, body: `here ${body}` }),
    log: silentLogger,
    ...more,
  })
  return { made, [Symbol.asyncDispose]: () => made.stop() }
}

function request(body: string, target = 'S.Read'): HttpRequest {
  const headers = { 'x-amz-target': target }
  const { signal } = new AbortController()
  return { method: 'POST', path: '/', query: '', headers, sourceIp: '', secure: false, signal, body: Buffer.from(body) }
}

async function textOf(asked: Promise<HttpResponse> | undefined): Promise<string> {
  return Buffer.from((await asked)?.body as string).toString()
}

const ECHO = "answer(question.id, 'there ' + question.body)"

test('what is no read, and reads while no thread runs, are left to the caller', async () => {
  await using idle = threads(threadOf(ECHO))
  assert.equal(idle.made.route(request('a')), undefined)
  await using running = threads(threadOf(ECHO))
  await running.made.begin()
  assert.equal(running.made.route(request('a', 'S.Write')), undefined)
  assert.equal(await textOf(running.made.route(request('ä'))), `there ${Buffer.from('ä').toString('latin1')}`)
  assert.equal(running.made.given, 1)
})

test('what a thread that fails was asked is answered here, and another one takes its place', async () => {
  await using failing = threads(threadOf("if (question.body === 'b') process.exit(1)"), { times: { retryMs: 0 } })
  await failing.made.begin()
  const asked = ['a', 'b', 'c'].map((body) => failing.made.route(request(body)))
  assert.deepEqual(await Promise.all(asked.map(textOf)), ['here a', 'here b', 'here c'])
  assert.equal(failing.made.count, 0)
  await failing.made.begin()
  assert.equal(failing.made.count, 1)
})

test('what a thread that hangs was asked is answered here, once, and another one takes its place', async () => {
  const errors: string[] = []
  const log = { ...silentLogger, error: (...said: unknown[]) => void errors.push(String(said.at(-1))) } as Logger
  const records: unknown[] = []
  const audit = { push: (record: unknown) => void records.push(record), write: async () => {} }
  // Until the test lets it go on it does nothing at all.
  const flag = new Int32Array(new SharedArrayBuffer(4))
  const hang =
    "if (question.body === 'b') Atomics.wait(workerData.flag, 0, 0); answer(question.id, 'there', { record: {} })"
  await using hanging = threads(threadOf(hang), {
    start: () => ({ flag }),
    log,
    audit,
    times: { silentMs: 500, retryMs: 0 },
  })
  await hanging.made.begin()
  const asked = ['b', 'c'].map((body) => hanging.made.route(request(body)))
  assert.deepEqual(await Promise.all(asked.map(textOf)), ['here b', 'here c'])
  assert.match(errors.join(), /^a reading thread hangs/)
  Atomics.store(flag, 0, 1)
  Atomics.notify(flag, 0)
  assert.equal(hanging.made.count, 0)
  await hanging.made.begin()
  assert.equal(await textOf(hanging.made.route(request('a'))), 'there')
  assert.equal(records.length, 1, 'what it says after all is not heard')
})

test('a thread that only takes long, and shows signs of life, is waited for', async () => {
  const slow = "setTimeout(() => answer(question.id, 'there'), 2_000)"
  await using patient = threads(threadOf(slow), { times: { silentMs: 500 } })
  await patient.made.begin()
  assert.equal(await textOf(patient.made.route(request('a'))), 'there')
})

test('a thread that hangs does not keep the server from stopping', async () => {
  const hanging = threads(threadOf('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'), {
    times: { silentMs: 20 },
  })
  await hanging.made.begin()
  const asked = textOf(hanging.made.route(request('a')))
  await hanging.made.stop()
  assert.equal(await asked, 'here a')
})

test('what a thread answered before it failed is not asked again', async () => {
  const [begun, kept] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const write = () => {
    begun.resolve()
    return kept.promise
  }
  const code = "if (question.body === 'b') process.exit(1); answer(question.id, 'there', { record: {}, first: true })"
  await using failing = threads(threadOf(code), { audit: { push: () => undefined, write } })
  await failing.made.begin()
  const first = failing.made.route(request('a'))
  await begun.promise
  assert.equal(await textOf(failing.made.route(request('b'))), 'here b')
  kept.resolve()
  assert.equal(await textOf(first), 'there')
})

test('what is answered here after all takes one token, not two', async () => {
  const taken: string[] = []
  const throttle = { borrow: () => taken.push('borrowed') > 0, giveBack: () => void taken.push('given back') }
  const failing = threadOf(
    "if (question.body === 'b') process.exit(1); answer(question.id, '', { response: undefined })",
  )
  await using one = threads(failing, { throttle })
  await one.made.begin()
  for (const body of ['a', 'b']) assert.equal(await textOf(one.made.route(request(body))), `here ${body}`)
  assert.deepEqual(taken, ['borrowed', 'given back', 'borrowed', 'given back'])
})

for (const [how, kept] of [
  ['is kept before it goes out', 'push'],
  ['is durably kept before it goes out, if it must be there first', 'write'],
] as const) {
  test(`the record of an answer ${how}; if it cannot be, the answer is not given`, async () => {
    const room = [async () => {}, () => Promise.reject(new Error('The disk is full.'))]
    const not = () => assert.fail('This was not asked for.')
    await using waiting = threads(
      threadOf(`answer(question.id, 'there', { record: {}, first: ${kept === 'write'} })`),
      {
        audit: { push: not, write: not, [kept]: () => room.shift()!() },
      },
    )
    await waiting.made.begin()
    assert.equal(await textOf(waiting.made.route(request('a'))), 'there')
    assert.equal(await textOf(waiting.made.route(request('b'))), 'refused b: The disk is full.', 'nor made again')
  })
}

test('a thread that knows keys of yesterday gets no more questions, but what it has it answers', async () => {
  let keys = 'old'
  await using renewed = threads(threadOf(ECHO), { standing: () => keys })
  await renewed.made.begin()
  const asked = renewed.made.route(request('a'))
  keys = 'new'
  assert.equal(renewed.made.route(request('b')), undefined)
  assert.equal(await textOf(asked), 'there a')
})

test('a busy server starts a thread by itself, and ends one that has nothing to do', async () => {
  await using busy = threads(threadOf(ECHO), { times: { watchMs: 5, idleMs: 50 } })
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  while (busy.made.count === 0) {
    busy.made.route(request('a'))
    for (const until = performance.now() + 5; performance.now() < until; );
    await turn()
  }
  assert.equal(await textOf(busy.made.route(request('a'))), 'there a')
  while (busy.made.count > 0) await turn()
})

test('at most as many threads run as were configured: none at all, if it is none', async () => {
  await using none = threads(threadOf(ECHO), { count: 0, times: { watchMs: 1 } })
  for (let count = 0; count < 100; count++) {
    assert.equal(none.made.route(request('a')), undefined)
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.equal(none.made.count, 0)
})
