import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { type Task, type TaskContext, task } from '#kernel/declare.ts'
import { silentLogger } from '#kernel/logger.ts'
import { Driver } from './driver.ts'

const context = { log: silentLogger, now: () => new Date() } as unknown as TaskContext

/** A task whose runs last until the test lets them end. */
function heldTask(name = 'held', everyMs = 3_600_000) {
  const runs: PromiseWithResolvers<void>[] = []
  let atOnce = 0
  let most = 0
  const held: Task = task({
    name,
    everyMs,
    async run() {
      const run = Promise.withResolvers<void>()
      runs.push(run)
      most = Math.max(most, ++atOnce)
      await run.promise
      atOnce--
      return { done: 1 }
    },
  })
  return { task: held, runs, mostAtOnce: () => most }
}

async function quiet(driver: Driver): Promise<void> {
  for (let busy = driver.busy(); busy; busy = driver.busy()) await busy
}

/** Lets promises that are ready go on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

test('a task runs at the start, and never twice at once however often it is woken', async () => {
  const { task, runs, mostAtOnce } = heldTask()
  const driver = new Driver([task], context)
  driver.wake(task)
  assert.equal(runs.length, 0, 'not before the start')
  driver.start()
  for (let wake = 0; wake < 5; wake++) driver.wake(task)
  await turn()
  assert.equal(runs.length, 1)
  runs[0]!.resolve()
  await turn()
  assert.equal(runs.length, 2, 'many wakes during a run cause one more')
  runs[1]!.resolve()
  await quiet(driver)
  assert.deepEqual([runs.length, mostAtOnce()], [2, 1])
  const [status] = driver.status()
  assert.deepEqual(
    { runs: status!.runs, running: status!.running, report: status!.lastReport },
    { runs: 2, running: false, report: { done: 1 } },
  )
  await driver.stop()
})

test('a task that fails holds up no other, is shown, and runs again at its next turn', async () => {
  let attempts = 0
  const failing = task({
    name: 'failing',
    everyMs: 3_600_000,
    async run() {
      if (attempts++ === 0) throw new Error('not this time')
      return {}
    },
  })
  let others = 0
  const other = task({ name: 'other', everyMs: 3_600_000, run: async () => ({ others: ++others }) })
  const driver = new Driver([failing, other], context)
  driver.start()
  await quiet(driver)
  assert.equal(others, 1)
  assert.deepEqual(
    driver.status().map(({ failures, lastError }) => [failures, lastError]),
    [
      [1, 'not this time'],
      [0, undefined],
    ],
  )
  driver.wake(failing)
  await quiet(driver)
  assert.deepEqual([driver.status()[0]!.failures, driver.status()[0]!.lastError, attempts], [1, undefined, 2])
  await driver.stop()
})

test('a task runs again by itself after its period, give or take a tenth', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    let runs = 0
    const periodic = task({ name: 'periodic', everyMs: 1000, run: async () => ({ runs: ++runs }) })
    const driver = new Driver([periodic], context)
    driver.start()
    await quiet(driver)
    await turn()
    mock.timers.tick(899)
    assert.deepEqual([runs, driver.busy()], [1, undefined])
    mock.timers.tick(202)
    await quiet(driver)
    assert.equal(runs, 2)
    await driver.stop()
    mock.timers.tick(10_000)
    assert.equal(runs, 2, 'not after the stop')
  } finally {
    mock.timers.reset()
  }
})

test('a stop waits for what runs, and starts nothing any more', async () => {
  const { task, runs } = heldTask()
  const driver = new Driver([task], context)
  driver.start()
  driver.wake(task)
  let stopped = false
  const stop = driver.stop().then(() => (stopped = true))
  await turn()
  assert.equal(stopped, false)
  runs[0]!.resolve()
  await stop
  driver.wake(task)
  driver.wakeAll()
  assert.equal(runs.length, 1)
})

test('when the clock was moved every task looks again', async () => {
  const counts = { a: 0, b: 0 }
  const tasks = (['a', 'b'] as const).map((name) =>
    task({ name, everyMs: 3_600_000, run: async () => ({ count: ++counts[name] }) }),
  )
  const driver = new Driver(tasks, context)
  driver.start()
  await quiet(driver)
  driver.wakeAll()
  await quiet(driver)
  assert.deepEqual(counts, { a: 2, b: 2 })
  await driver.stop()
})
