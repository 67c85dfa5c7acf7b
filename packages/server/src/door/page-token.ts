/**
 * Page tokens: where the next page begins, sealed so that it is good only for the same caller, operation, Region and filters.
 * A token from elsewhere is `InvalidNextToken`. They hold for as long as the key does; nothing is kept for them.
 */
import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import { ApiError } from '#kernel/api-error.ts'

const SEAL_BYTES = 16

export class PageTokens {
  readonly #key: Buffer

  constructor(key: Buffer) {
    this.#key = key
  }

  /** `binding` is everything that must be the same for the token to be good. */
  seal(cursor: unknown, binding: string): string {
    const text = Buffer.from(JSON.stringify(cursor))
    return Buffer.concat([this.#mac(text, binding), text]).toString('base64url')
  }

  open(token: string, binding: string): unknown {
    const bytes = Buffer.from(token, 'base64url')
    const text = bytes.subarray(SEAL_BYTES)
    if (bytes.length <= SEAL_BYTES || !timingSafeEqual(bytes.subarray(0, SEAL_BYTES), this.#mac(text, binding))) {
      throw new ApiError(
        'InvalidNextToken',
        'The specified token is not valid. Use the NextToken of the previous answer, with the same filters and credentials.',
      )
    }
    return JSON.parse(text.toString('utf8'))
  }

  #mac(text: Buffer, binding: string): Buffer {
    return createHmac('sha256', this.#key)
      .update(hash('sha256', binding, 'buffer'))
      .update(text)
      .digest()
      .subarray(0, SEAL_BYTES)
  }
}
