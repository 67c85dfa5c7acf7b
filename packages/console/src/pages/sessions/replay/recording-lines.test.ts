import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CAST_GENESIS, castHash } from '@steward/protocol/recording/cast-chain.ts'
import { clockText } from './clock-text.ts'
import { RecordingLines } from './recording-lines.ts'

const LINES = [
  '{"version":2,"width":100,"height":30}',
  '[0.500, "o", "$ echo caf\\u00e9\\r\\n"]',
  '[61.250, "r", "80x24"]',
  '[61.500, "o", "\\u001b[31mcaf\\u00e9\\u001b[0m\\r\\n"]',
]

test('SM-12 the hash that a browser works out is the one that stands for the recording', () => {
  const recorded = new RecordingLines()
  recorded.add(LINES.slice(0, 1))
  recorded.add(LINES.slice(1))
  assert.equal(recorded.hash, LINES.reduce(castHash, CAST_GENESIS))
  assert.deepEqual([recorded.size, recorded.length], [{ cols: 100, rows: 30 }, 61_500])
  assert.equal(recorded.cast, `${LINES.join('\n')}\n`)
  assert.equal(recorded.text, '   0:00  $ echo café\n   1:01  café\n')
})

test('times are read as on a clock', () => {
  assert.deepEqual([0, 9_999, 61_000, 3_605_000].map(clockText), ['0:00', '0:09', '1:01', '1:00:05'])
})
