import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { completedCount, type FinalDetails, isFinal, mayBecome, rollUp, type Tally } from './status.ts'

function tally(ended: Partial<Record<FinalDetails, number>>, more: Partial<Tally> = {}): Tally {
  const targets = Object.values(ended).reduce((sum, count) => sum + count, 0)
  return { targets, answered: targets, cancelling: 0, ended, ...more }
}

const CASES: [
  name: string,
  Tally,
  { errorLimit?: number; cancelRequested?: boolean },
  status: string,
  details: string,
][] = [
  [
    'RC-11 any invocation being cancelled',
    tally({ Success: 1 }, { targets: 3, cancelling: 1 }),
    {},
    'Cancelling',
    'Cancelling',
  ],
  ['RC-11 nothing taken yet', tally({}, { targets: 3, answered: 0 }), {}, 'Pending', 'Pending'],
  ['RC-11 some taken', tally({}, { targets: 3, answered: 1 }), {}, 'InProgress', 'InProgress'],
  ['RC-11 some ended', tally({ Success: 2 }, { targets: 3 }), {}, 'InProgress', 'InProgress'],
  ['RC-11.1 one error with the default limit', tally({ Success: 4, Failed: 1 }), {}, 'Failed', 'Failed'],
  ['RC-11.1 one execution time-out', tally({ ExecutionTimedOut: 1 }), {}, 'Failed', 'Failed'],
  ['RC-11.2 all cancelled', tally({ Cancelled: 2 }), { cancelRequested: true }, 'Cancelled', 'Cancelled'],
  ['RC-11.3 none delivered', tally({ DeliveryTimedOut: 3 }), {}, 'TimedOut', 'DeliveryTimedOut'],
  ['RC-11.4 all undeliverable (RC-12)', tally({ Undeliverable: 5 }), {}, 'Failed', 'Failed'],
  ['RC-11.4 all denied', tally({ AccessDenied: 2 }), {}, 'Failed', 'AccessDenied'],
  ['RC-11.5 undeliverable and one success (RC-12)', tally({ Undeliverable: 4, Success: 1 }), {}, 'Success', 'Success'],
  ['RC-11.5 all succeeded', tally({ Success: 3 }), {}, 'Success', 'Success'],
  ['RC-11.6 few errors', tally({ Success: 9, Failed: 1 }), { errorLimit: 1 }, 'Success', 'Incomplete'],
  ['RC-11.6 few errors and no success', tally({ Failed: 1, Cancelled: 1 }), { errorLimit: 1 }, 'Failed', 'Incomplete'],
  ['T-04 no target', tally({}), {}, 'Success', 'NoInstancesInTag'],
]

for (const [name, counts, { errorLimit = 0, cancelRequested = false }, status, details] of CASES) {
  test(`${name} → ${status}/${details}`, () => {
    assert.deepEqual(rollUp(counts, { errorLimit, cancelRequested }), { status, details })
  })
}

test('RC-15 no final state is ever left', () => {
  const details = [
    'Pending',
    'Delayed',
    'InProgress',
    'Cancelling',
    'Success',
    'Failed',
    'ExecutionTimedOut',
    'Cancelled',
  ] as const
  for (const from of details) for (const to of details) assert.equal(isFinal(from) && mayBecome(from, to), false)
})

test('RC-14 the roll-up is final exactly when every target has ended', () => {
  const kinds: FinalDetails[] = [
    'Success',
    'Failed',
    'ExecutionTimedOut',
    'DeliveryTimedOut',
    'Undeliverable',
    'Cancelled',
    'Terminated',
  ]
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 30 }),
      fc.nat(5),
      fc.nat(3),
      (ends, open, errorLimit) => {
        const ended: Partial<Record<FinalDetails, number>> = {}
        for (const end of ends) ended[end] = (ended[end] ?? 0) + 1
        const counts = tally(ended, { targets: ends.length + open })
        const { status } = rollUp(counts, { errorLimit, cancelRequested: false })
        assert.equal(['Pending', 'InProgress'].includes(status), open > 0)
        assert.equal(completedCount(counts), ends.length)
      },
    ),
  )
})
