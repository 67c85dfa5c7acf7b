import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exitCodeOf, type InvocationResult, toResult } from './invocation-result.ts'

function aResult(more: Partial<InvocationResult>): InvocationResult {
  const base = { nodeId: 'mi-1', nodeName: '', status: 'Success', statusDetails: 'Success', responseCode: 0 }
  return { ...base, stepsWithOutput: [], ...more }
}

test('with one node the exit code is the script’s own', () => {
  assert.equal(exitCodeOf([aResult({})]), 0)
  assert.equal(exitCodeOf([aResult({ status: 'Failed', responseCode: 3 })]), 3)
  assert.equal(exitCodeOf([aResult({ status: 'Failed', responseCode: 255 })]), 255)
})

test('a code that a shell cannot carry is still a failure', () => {
  assert.equal(exitCodeOf([aResult({ status: 'Failed', responseCode: 256 })]), 255)
  assert.equal(exitCodeOf([aResult({ status: 'Failed', responseCode: 3221225786 })]), 255)
  assert.equal(exitCodeOf([aResult({ status: 'Failed', responseCode: 0 })]), 1)
})

test('what has no code of a script: time-out 124, cancelled 130, never ran 1', () => {
  assert.equal(
    exitCodeOf([aResult({ status: 'TimedOut', statusDetails: 'ExecutionTimedOut', responseCode: 137 })]),
    124,
  )
  assert.equal(exitCodeOf([aResult({ status: 'TimedOut', statusDetails: 'DeliveryTimedOut', responseCode: -1 })]), 124)
  assert.equal(exitCodeOf([aResult({ status: 'Cancelled', responseCode: 137 })]), 130)
  assert.equal(exitCodeOf([aResult({ status: 'Failed', statusDetails: 'Undeliverable', responseCode: -1 })]), 1)
})

test('with several nodes it is 0 only if all succeeded, and no node at all is no success', () => {
  assert.equal(exitCodeOf([aResult({}), aResult({})]), 0)
  assert.equal(exitCodeOf([aResult({}), aResult({ status: 'Failed', responseCode: 3 })]), 1)
  assert.equal(exitCodeOf([]), 1)
})

test('the code of an invocation is that of its first step that did not end with 0', () => {
  const steps = (...codes: number[]) => ({ CommandPlugins: codes.map((ResponseCode) => ({ ResponseCode })) })
  assert.equal(toResult(steps(0, 4, 5)).responseCode, 4)
  assert.equal(toResult(steps(0, 0)).responseCode, 0)
  assert.equal(toResult(steps(-1, -1)).responseCode, -1)
  assert.equal(toResult({}).responseCode, -1)
})
