import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Association, readAssociation } from '#associations/association.ts'
import { dueAt } from '#associations/due.ts'
import { Reports } from '#associations/reports.ts'
import { typedParameters } from '#associations/runs.ts'
import { failure, statusInput } from '#associations/status.ts'
import { ServiceError, SsmClient } from '#server/ssm-client.ts'
import { silentLog } from '#testing/test-node.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const minutesAgo = (minutes: number) => now - minutes * 60_000

function anAssociation(more: Partial<Association>): Association {
  const listed = readAssociation({ AssociationId: 'a', Name: 'Doc', DetailedStatus: 'Success' })!
  return { ...listed, ...more }
}

test('STM-04 STM-05 when an association is due', () => {
  const cases: [Partial<Association>, number | undefined][] = [
    [{ detailedStatus: 'Pending', schedule: 'rate(1 day)', lastExecutionAt: now }, now],
    [{ detailedStatus: 'Associated' }, now],
    [{ detailedStatus: 'Success' }, undefined],
    [{ detailedStatus: 'Failed', lastExecutionAt: minutesAgo(600) }, undefined],
    [{ schedule: 'rate(30 minutes)' }, now],
    [{ schedule: 'rate(30 minutes)', lastExecutionAt: minutesAgo(10) }, now + 20 * 60_000],
    [{ schedule: 'rate(30 minutes)', lastExecutionAt: minutesAgo(100) }, minutesAgo(70)],
    [{ schedule: 'cron(0 13 * * ? *)', lastExecutionAt: minutesAgo(10) }, now + 60 * 60_000],
    [{ schedule: 'at(2026-11-21T11:00:00)' }, minutesAgo(60)],
    [{ schedule: 'at(2026-11-21T11:00:00)', lastExecutionAt: minutesAgo(59) }, undefined],
  ]
  for (const [association, due] of cases)
    assert.equal(dueAt(anAssociation(association), now), due, JSON.stringify(association))
})

test('STM-05 a clock that was set back does not hold up what is due', () => {
  const future = { schedule: 'rate(30 minutes)', lastExecutionAt: now + 10 * 24 * 3_600_000 }
  assert.equal(dueAt(anAssociation(future), now), now + 30 * 60_000)
})

test('an association that is listed is read whatever it holds', () => {
  const shape = {
    AssociationId: fc.anything(),
    Name: fc.anything(),
    Parameters: fc.anything(),
    LastExecutionDate: fc.anything(),
    OutputLocation: fc.anything(),
    ScheduleExpression: fc.anything(),
  }
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.record(shape).map((one) => JSON.stringify(one) ?? 'null'),
      ),
      (json) => {
        const read = readAssociation(JSON.parse(json))
        if (read) assert.ok(/^[\w-]+$/.test(read.id) && read.documentName !== '')
      },
    ),
  )
})

test('STM-01 parameters get the types that the document declares', () => {
  const declared = { text: 'String', list: 'StringList', map: 'StringMap', number: 'Integer', flag: 'Boolean' }
  const parameters = Object.fromEntries(Object.entries(declared).map(([name, type]) => [name, { type }]))
  const given = { text: ['7'], list: ['a', 'b'], map: ['{"k":"v"}'], number: ['7'], flag: ['true'], other: ['x'] }
  const typed = { text: '7', list: ['a', 'b'], map: { k: 'v' }, number: 7, flag: true }
  assert.deepEqual(typedParameters({ parameters }, given), typed)
})

test('STM-11 a summary has at most 510 bytes', () => {
  const { ExecutionResult } = statusInput({ id: 'a', version: '' }, 'mi-1', failure('', 'ü'.repeat(400)), now) as {
    ExecutionResult: { ExecutionSummary: string }
  }
  const { ExecutionSummary: summary } = ExecutionResult
  assert.ok(Buffer.byteLength(summary) <= 510 && summary.endsWith('ü--output truncated--'))
})

/** A client whose calls are answered by `answer`. */
function client(answer: (input: object) => void): SsmClient {
  return new (class extends SsmClient {
    constructor() {
      super({ url: '', region: '', ca: undefined, clock: undefined! }, async () => undefined!)
    }
    override async call(_: string, input: object) {
      answer(input)
      return {}
    }
  })()
}

const report = (AssociationId: string, settled?: () => void) => ({
  operation: 'UpdateInstanceAssociationStatus' as const,
  input: { AssociationId },
  ...(settled ? { settled } : {}),
})

test('STM-11 statuses reach a server that was away in their order, and those that it refuses are dropped', async () => {
  const heard: string[] = []
  let away = true
  const reports = new Reports(
    client((input) => {
      const { AssociationId } = input as { AssociationId: string }
      if (away) throw new ServiceError('InvalidSignatureException', 'Signature expired', 400)
      if (AssociationId === 'refused') throw new ServiceError('AssociationDoesNotExist', 'gone', 400)
      heard.push(AssociationId)
    }),
    silentLog,
  )
  const settled: string[] = []
  for (const id of ['1', 'refused', '2', '3']) reports.add(report(id, () => void settled.push(id)))
  await new Promise((resolve) => setImmediate(resolve))
  assert.ok(reports.isBehind('3') && !reports.isBehind('4'))
  away = false
  reports.connected()
  await reports.drained()
  assert.deepEqual(heard, ['1', '2', '3'])
  assert.equal(settled.length, 4)
})

test('STM-11 what waits for a server has a bound', async () => {
  const reports = new Reports(
    client(() => {
      throw new Error('away')
    }),
    silentLog,
  )
  const settled: string[] = []
  for (let i = 0; i < 1500; i += 1) reports.add(report(String(i), () => void settled.push(String(i))))
  assert.equal(settled.length, 500)
  assert.ok(reports.isBehind('0') && reports.isBehind('1499') && !reports.isBehind('1'))
  reports.stop()
})
