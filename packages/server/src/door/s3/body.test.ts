import assert from 'node:assert/strict'
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ApiError } from '#kernel/api-error.ts'
import { s3Body } from './body.ts'

const EMPTY = createHash('sha256').digest('hex')
const sign = (text: string) => createHmac('sha256', 'key').update(text).digest('hex')
const SIGNING = { sign, stamp: '20260101T000000Z\n20260101/us-east-1/s3/aws4_request', signature: 'a'.repeat(64) }
const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size))
}

/** What is read of a body, and the headers behind it. */
async function read(sent: Uint8Array, headers: Record<string, string>, size = 1000) {
  const body = s3Body({ source: pieces(sent, size), header: (name) => headers[name], signing: SIGNING })
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk)
  return { bytes: Buffer.concat(chunks), trailers: Object.fromEntries(body.trailers) }
}

/** A body in frames. */
function framed(
  content: Buffer,
  frame: number,
  { signed = true, trailers = {} as Record<string, string> } = {},
): Buffer {
  let previous = SIGNING.signature
  const next = (kind: string, digests: string) =>
    (previous = sign(`${kind}\n${SIGNING.stamp}\n${previous}\n${digests}`))
  const out: (string | Buffer)[] = []
  for (let at = 0; at <= content.length; at += frame) {
    const bytes = content.subarray(at, at + frame)
    if (bytes.length === 0) break
    const signature = next('AWS4-HMAC-SHA256-PAYLOAD', `${EMPTY}\n${sha256(bytes)}`)
    out.push(`${bytes.length.toString(16)}${signed ? `;chunk-signature=${signature}` : ''}\r\n`, bytes, '\r\n')
  }
  const last = next('AWS4-HMAC-SHA256-PAYLOAD', `${EMPTY}\n${EMPTY}`)
  out.push(`0${signed ? `;chunk-signature=${last}` : ''}\r\n`)
  const lines = Object.entries(trailers).map(([name, value]) => `${name}:${value}`)
  for (const line of lines) out.push(`${line}\r\n`)
  if (signed && lines.length > 0) {
    const signature = next('AWS4-HMAC-SHA256-TRAILER', sha256(lines.map((line) => `${line}\n`).join('')))
    out.push(`x-amz-trailer-signature:${signature}\r\n`)
  }
  out.push('\r\n')
  return Buffer.concat(out.map((one) => Buffer.from(one)))
}

const headersOf = (content: Buffer, kind: string) => ({
  'x-amz-content-sha256': `STREAMING-${kind}`,
  'x-amz-decoded-content-length': String(content.length),
  ...(kind.endsWith('-TRAILER') && { 'x-amz-trailer': 'x-amz-checksum-crc32' }),
})

const refusal = async (reading: Promise<unknown>) =>
  reading.then(
    () => 'taken',
    (error: ApiError) => error.code,
  )

test('frames come out as the content they hold, however they arrive', async () => {
  const content = randomBytes(5_000)
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 40, max: 6000 }), fc.integer({ min: 5, max: 700 }), async (frame, size) => {
      const one = await read(framed(content, frame), headersOf(content, 'AWS4-HMAC-SHA256-PAYLOAD'), size)
      assert.ok(one.bytes.equals(content))
      const sent = framed(content, frame, { signed: false, trailers: { 'x-amz-checksum-crc32': 'abc=' } })
      const other = await read(sent, headersOf(content, 'UNSIGNED-PAYLOAD-TRAILER'), size)
      assert.ok(other.bytes.equals(content))
      assert.deepEqual(other.trailers, { 'x-amz-checksum-crc32': 'abc=' })
    }),
    { numRuns: 20 },
  )
})

test('signed frames and trailers are taken only as they were signed', async () => {
  const content = randomBytes(3_000)
  const signed = headersOf(content, 'AWS4-HMAC-SHA256-PAYLOAD-TRAILER')
  const sent = framed(content, 1000, { trailers: { 'x-amz-checksum-crc32': 'abc=' } })
  assert.ok((await read(sent, signed)).bytes.equals(content))
  const text = sent.toString('latin1')
  const changed = (from: string, to: string) => Buffer.from(text.replace(from, to), 'latin1')
  assert.equal(await refusal(read(changed('abc=', 'abd='), signed)), 'SignatureDoesNotMatch')
  assert.equal(
    await refusal(read(changed('chunk-signature=', 'chunk-signature=0').subarray(0), signed)),
    'IncompleteBody',
  )
  const flipped = Buffer.from(sent)
  flipped[200]! ^= 1
  assert.equal(await refusal(read(flipped, signed)), 'SignatureDoesNotMatch')
  const unsigned = framed(content, 1000, { signed: false, trailers: { 'x-amz-checksum-crc32': 'abc=' } })
  assert.equal(await refusal(read(unsigned, signed)), 'SignatureDoesNotMatch')
})

test('a body that ends early, or is longer or shorter than it says, is refused', async () => {
  const content = randomBytes(3_000)
  const headers = headersOf(content, 'AWS4-HMAC-SHA256-PAYLOAD')
  const sent = framed(content, 1000)
  for (const end of [0, 10, 500, 1090, sent.length - 90]) {
    assert.equal(await refusal(read(sent.subarray(0, end), headers)), 'IncompleteBody', String(end))
  }
  for (const length of ['2999', '3001']) {
    const lying = { ...headers, 'x-amz-decoded-content-length': length }
    assert.equal(await refusal(read(sent, lying)), 'IncompleteBody', length)
  }
})

test('a digest of the whole body is held against it', async () => {
  const content = randomBytes(3_000)
  const sum = { 'x-amz-content-sha256': sha256(content), 'content-length': '3000' }
  assert.ok((await read(content, sum)).bytes.equals(content))
  assert.equal(await refusal(read(randomBytes(3_000), sum)), 'XAmzContentSHA256Mismatch')
  const unsigned = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'content-length': '3000' }
  assert.ok((await read(content, unsigned)).bytes.equals(content))
  assert.equal(await refusal(read(content, { 'x-amz-content-sha256': 'nonsense' })), 'InvalidArgument')
  assert.equal(
    await refusal(read(content, { 'x-amz-content-sha256': 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD' })),
    'NotImplemented',
  )
})

test('no bytes at all make it throw anything but what a caller may know', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 50 }), async (bytes, size) => {
      for (const kind of ['AWS4-HMAC-SHA256-PAYLOAD-TRAILER', 'UNSIGNED-PAYLOAD-TRAILER']) {
        const code = await refusal(read(bytes, { 'x-amz-content-sha256': `STREAMING-${kind}` }, size))
        assert.match(code, /^(IncompleteBody|SignatureDoesNotMatch)$/)
      }
    }),
    { numRuns: 100 },
  )
})
