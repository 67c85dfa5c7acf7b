import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NodeOutputs, type StreamName } from './node-outputs.ts'

function aPiece(data: string | Uint8Array, more: { nodeId?: string; step?: string; stream?: StreamName } = {}) {
  return { nodeId: 'mi-1', step: 'run', stream: 'stdout' as const, data: Buffer.from(data as string), ...more }
}

test('lines are told when they are whole, the last one at the end', () => {
  const outputs = new NodeOutputs()
  const texts = (data: string) => outputs.add(aPiece(data)).map(({ text }) => text)
  assert.deepEqual(texts('one\ntw'), ['one'])
  assert.deepEqual(texts('o\r\n\nthr'), ['two', ''])
  assert.deepEqual(outputs.end(), [{ nodeId: 'mi-1', stream: 'stdout', text: 'thr' }])
  assert.deepEqual(outputs.end(), [])
})

test('nodes, steps and streams do not write into the lines of each other', () => {
  const outputs = new NodeOutputs()
  assert.deepEqual(outputs.add(aPiece('a')), [])
  assert.deepEqual(outputs.add(aPiece('b\n', { nodeId: 'mi-2' }))[0]?.text, 'b')
  assert.deepEqual(outputs.add(aPiece('c\n', { stream: 'stderr' }))[0]?.text, 'c')
  assert.deepEqual(outputs.add(aPiece('d\n', { step: 'next' }))[0]?.text, 'd')
  assert.deepEqual(outputs.add(aPiece('!\n'))[0]?.text, 'a!')
})

test('a character may be cut in two by the border of a piece', () => {
  const outputs = new NodeOutputs()
  const bytes = Buffer.from('€\n')
  assert.deepEqual(outputs.add(aPiece(bytes.subarray(0, 2))), [])
  assert.equal(outputs.add(aPiece(bytes.subarray(2)))[0]?.text, '€')
})

test('outputs are equal however they were cut, and differ by what is not kept too', () => {
  const outputs = new NodeOutputs()
  outputs.add(aPiece('same\n', { nodeId: 'mi-1' }))
  outputs.add(aPiece('sa', { nodeId: 'mi-2' }))
  outputs.add(aPiece('me\n', { nodeId: 'mi-2' }))
  outputs.add(aPiece('same\n', { nodeId: 'mi-3', stream: 'stderr' }))
  assert.equal(outputs.of('mi-1').digest, outputs.of('mi-2').digest)
  assert.notEqual(outputs.of('mi-1').digest, outputs.of('mi-3').digest)
  const long = 'x'.repeat(100_000)
  outputs.add(aPiece(`${long}1`, { nodeId: 'mi-4' }))
  outputs.add(aPiece(`${long}2`, { nodeId: 'mi-5' }))
  assert.equal(outputs.of('mi-4').text, outputs.of('mi-5').text)
  assert.equal(outputs.of('mi-4').missing, 100_001 - 65_536)
  assert.notEqual(outputs.of('mi-4').digest, outputs.of('mi-5').digest)
})

test('how standard output and error mixed makes no difference', () => {
  const outputs = new NodeOutputs()
  outputs.add(aPiece('out\n', { nodeId: 'mi-1' }))
  outputs.add(aPiece('err\n', { nodeId: 'mi-1', stream: 'stderr' }))
  outputs.add(aPiece('err\n', { nodeId: 'mi-2', stream: 'stderr' }))
  outputs.add(aPiece('out\n', { nodeId: 'mi-2' }))
  assert.equal(outputs.of('mi-1').digest, outputs.of('mi-2').digest)
})
