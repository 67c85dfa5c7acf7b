import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { openBlob, readBlobHead, sealBlob } from './ciphertext-blob.ts'

const secret = randomBytes(32)
const texts = fc.string({ unit: 'binary', maxLength: 20 })
const contexts = fc.dictionary(texts, texts, { maxKeys: 5 })
const plains = fc.uint8Array({ maxLength: 300 })
const heads = fc.nat({ max: 2 ** 32 - 1 }).map((version) => ({ keyId: randomUUID() as string, version }))

test('a blob opens with its secret and context, whatever their order, and says which key it needs', () => {
  fc.assert(
    fc.property(heads, plains, contexts, (head, plain, context) => {
      const blob = sealBlob(secret, head, plain, context)
      const turned = Object.fromEntries(Object.entries(context).reverse())
      assert.deepEqual(readBlobHead(blob), head)
      assert.deepEqual(openBlob(secret, blob, turned), Buffer.from(plain))
    }),
  )
})

test('a blob opens neither with another context nor with another secret', () => {
  fc.assert(
    fc.property(heads, plains, contexts, contexts, (head, plain, context, other) => {
      const blob = sealBlob(secret, head, plain, context)
      const same = JSON.stringify(sorted(context)) === JSON.stringify(sorted(other))
      assert.equal(openBlob(secret, blob, other) !== undefined, same)
      assert.equal(openBlob(randomBytes(32), blob, context), undefined)
    }),
  )
})

test('pairs of a context do not run into each other', () => {
  const blob = sealBlob(secret, { keyId: randomUUID(), version: 1 }, Buffer.from('x'), { a: 'b","c":"d' })
  assert.equal(openBlob(secret, blob, { a: 'b', c: 'd' }), undefined)
})

test('no byte of a blob can be changed, and none cut off', () => {
  const blob = sealBlob(secret, { keyId: randomUUID(), version: 3 }, Buffer.from('plain'), { a: 'b' })
  for (let i = 0; i < blob.length; i++) {
    const changed = Buffer.from(blob)
    changed[i]! ^= 1
    assert.equal(readBlobHead(changed) && openBlob(secret, changed, { a: 'b' }), undefined, `byte ${i}`)
    assert.equal(readBlobHead(blob.subarray(0, i)) && openBlob(secret, blob.subarray(0, i), { a: 'b' }), undefined)
  }
})

test('anything may be handed in as a blob', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      if (readBlobHead(bytes)) assert.equal(openBlob(secret, bytes, {}), undefined)
    }),
  )
})

test('the same message is never encrypted to the same blob twice', () => {
  const head = { keyId: randomUUID(), version: 1 }
  const blobs = Array.from({ length: 100 }, () => sealBlob(secret, head, Buffer.from('x'), {}).toString('hex'))
  assert.equal(new Set(blobs).size, 100)
})

function sorted(context: Record<string, string>): [string, string][] {
  return Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))
}
