import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { type ChecksumAlgorithm, composite, digestOf, isChecksum } from './checksum.ts'
import { joinedCrc } from './crc.ts'

function checksum(algorithm: ChecksumAlgorithm, ...pieces: Uint8Array[]): string {
  const digest = digestOf(algorithm)
  for (const piece of pieces) digest.update(piece)
  return digest.base64()
}

const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex')

test('checksums are those of the published check values', () => {
  const check = Buffer.from('123456789')
  assert.equal(hex(checksum('CRC32', check)), 'cbf43926')
  assert.equal(hex(checksum('CRC32C', check)), 'e3069283')
  assert.equal(hex(checksum('CRC64NVME', check)), 'ae8b14860a799888')
  assert.equal(hex(checksum('SHA1', check)), 'f7c3bc1d808e04732adf679965ccc34ca7ae3441')
  assert.equal(hex(checksum('MD5', check)), '25f9e794323b453885f5181f1b624d0b')
  assert.equal(hex(checksum('CRC32', Buffer.alloc(0))), '00000000')
})

test('a checksum does not depend on the pieces in which the content comes', () => {
  const bytes = randomBytes(10_007)
  for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA256'] as const) {
    const whole = checksum(algorithm, bytes)
    for (const cut of [1, 3, 8, 4096, 10_006]) {
      assert.equal(checksum(algorithm, bytes.subarray(0, cut), bytes.subarray(cut)), whole)
    }
  }
})

test('the CRC of a whole follows from those of its parts', () => {
  const bytes = randomBytes(100_003)
  for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME'] as const) {
    for (const cut of [0, 1, 5_000, 100_003]) {
      const [first, second] = [bytes.subarray(0, cut), bytes.subarray(cut)]
      const joined = joinedCrc(algorithm, checksum(algorithm, first), checksum(algorithm, second), second.length)
      assert.equal(joined, checksum(algorithm, bytes))
    }
  }
})

test('a composite checksum is that of the parts’ checksums, with their number', () => {
  const parts = [checksum('SHA256', Buffer.from('a')), checksum('SHA256', Buffer.from('b'))]
  const expected = checksum('SHA256', Buffer.concat(parts.map((part) => Buffer.from(part, 'base64'))))
  assert.equal(composite('SHA256', parts), `${expected}-2`)
})

test('what is no checksum of an algorithm is told apart', () => {
  assert.ok(isChecksum('CRC32', checksum('CRC32', Buffer.from('x'))))
  for (const text of ['', 'AAAA', '====', 'no base64', checksum('SHA1', Buffer.from('x'))]) {
    assert.equal(isChecksum('CRC32', text), false, text)
  }
})
