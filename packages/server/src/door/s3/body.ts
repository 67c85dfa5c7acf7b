/**
 * Bodies of S3's requests as they are read: `x-amz-content-sha256` says how the signature covers them. It is the digest of the whole
 * body; or nothing covers it; or the body comes in the frames of `aws-chunked`, each signed together with the one before, or unsigned,
 * and with headers behind it. Bytes are handed on before their signature is known, so whoever reads must keep nothing before the end.
 */
import { createHash, type Hash, timingSafeEqual } from 'node:crypto'
import { sha256 } from '@steward/protocol/signature.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { S3Body } from '#kernel/declare.ts'
import { ByteReader } from './byte-reader.ts'

/** What signs the frames of a body: the key of the request's own signature, which is also the first link of their chain. */
export interface FrameSigning {
  readonly sign: (text: string) => string
  /** Time and scope, as they stand in the string to sign. */
  readonly stamp: string
  readonly signature: string
}

export interface BodyParts {
  readonly source: AsyncIterable<Buffer>
  readonly header: (name: string) => string | undefined
  /** Undefined if the caller signed with no secret key. */
  readonly signing: FrameSigning | undefined
}

const STREAMING = /^STREAMING-(AWS4-HMAC-SHA256|UNSIGNED)-PAYLOAD(-TRAILER)?$/
const EMPTY_SHA256 = sha256('')
const LINE_LIMIT = 4096
const TRAILER_LIMIT = 32

/** Throws `NotImplemented`, `InvalidRequest` for ways of sending that are none. */
export function s3Body(parts: BodyParts): S3Body {
  const { header } = parts
  const content = header('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD'
  const streaming = STREAMING.exec(content)
  const trailers = new Map<string, string>()
  const announced = new Set((header('x-amz-trailer') ?? '').split(',').map((name) => name.trim().toLowerCase()))
  const length = lengthOf(header(streaming ? 'x-amz-decoded-content-length' : 'content-length'))
  const source = arriving(parts.source)
  const bytes = streaming ? framed({ ...parts, source }, streaming[1] !== 'UNSIGNED', trailers) : plain(source, content)
  return {
    length: length ?? (isEmpty(header) ? 0 : undefined),
    trailers,
    announces: (name) => announced.has(name),
    [Symbol.asyncIterator]: () => ofLength(bytes, length),
  }
}

/** A sender that goes away in the middle is no fault of ours. */
async function* arriving(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* source
  } catch (cause) {
    throw new ApiError('IncompleteBody', 'The request body terminated unexpectedly', { cause })
  }
}

function lengthOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Neither announced nor chunked: there is no body. */
function isEmpty(header: BodyParts['header']): boolean {
  return header('content-length') === undefined && header('transfer-encoding') === undefined
}

async function* ofLength(bytes: AsyncIterable<Buffer>, length: number | undefined): AsyncGenerator<Buffer> {
  let read = 0
  for await (const chunk of bytes) {
    read += chunk.length
    if (length !== undefined && read > length) break
    yield chunk
  }
  if (length !== undefined && read !== length) {
    throw new ApiError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
    )
  }
}

async function* plain(source: AsyncIterable<Buffer>, content: string): AsyncGenerator<Buffer> {
  if (content === 'UNSIGNED-PAYLOAD') {
    yield* source
    return
  }
  if (content.startsWith('STREAMING-')) throw new ApiError('NotImplemented', `Bodies of ${content} cannot be read.`)
  if (!/^[0-9a-f]{64}$/i.test(content)) {
    throw new ApiError('InvalidArgument', 'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, or a valid sha256 value.')
  }
  const hash = createHash('sha256')
  for await (const chunk of source) {
    hash.update(chunk)
    yield chunk
  }
  if (hash.digest('hex') !== content.toLowerCase()) {
    throw new ApiError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
  }
}

async function* framed(
  { source, signing, header }: BodyParts,
  signed: boolean,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source)
  const chain = signed ? new FrameChain(signing) : undefined
  for (;;) {
    const frame = await readFrameHead(reader)
    const hash = chain && createHash('sha256')
    for (let left = frame.size; left > 0; ) {
      const bytes = await reader.some(left)
      if (!bytes) throw incomplete()
      left -= bytes.length
      hash?.update(bytes)
      yield bytes
    }
    if (hash) chain?.check(hash, frame.signature)
    if (frame.size === 0) break
    if ((await reader.line(1)) !== '') throw incomplete()
  }
  await readTrailers(reader, trailers, header('x-amz-trailer') === undefined ? undefined : chain)
}

async function readFrameHead(reader: ByteReader): Promise<{ size: number; signature: string }> {
  const line = await reader.line(LINE_LIMIT)
  const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line ?? '')
  if (!match) throw incomplete()
  return { size: Number.parseInt(match[1]!, 16), signature: match[2] ?? '' }
}

async function readTrailers(reader: ByteReader, trailers: Map<string, string>, chain?: FrameChain): Promise<void> {
  let text = ''
  for (let line = await reader.line(LINE_LIMIT); line; line = await reader.line(LINE_LIMIT)) {
    const colon = line.indexOf(':')
    if (colon < 1 || trailers.size >= TRAILER_LIMIT) throw incomplete()
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    trailers.set(name, value)
    if (name !== 'x-amz-trailer-signature') text += `${name}:${value}\n`
  }
  chain?.checkTrailers(text, trailers.get('x-amz-trailer-signature') ?? '')
}

/** Each frame's signature covers that of the frame before, so none can be left out, changed or moved. */
class FrameChain {
  readonly #signing: FrameSigning
  #previous: string

  constructor(signing: FrameSigning | undefined) {
    if (!signing) throw new ApiError('InvalidRequest', 'Only a body that a secret key signs can have signed frames.')
    this.#signing = signing
    this.#previous = signing.signature
  }

  check(content: Hash, signature: string): void {
    this.#check('AWS4-HMAC-SHA256-PAYLOAD', `${EMPTY_SHA256}\n${content.digest('hex')}`, signature)
  }

  checkTrailers(text: string, signature: string): void {
    this.#check('AWS4-HMAC-SHA256-TRAILER', sha256(text), signature)
  }

  #check(kind: string, digests: string, signature: string): void {
    const expected = this.#signing.sign(`${kind}\n${this.#signing.stamp}\n${this.#previous}\n${digests}`)
    if (signature.length !== expected.length || !timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) {
      throw new ApiError(
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      )
    }
    this.#previous = expected
  }
}

function incomplete(): ApiError {
  return new ApiError('IncompleteBody', 'The request body terminated unexpectedly')
}
