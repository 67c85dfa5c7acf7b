/**
 * Page tokens: where the next page begins, sealed so that it is good only for the same caller, operation, Region and filters.
 * A token from elsewhere is `InvalidNextToken`. They hold for as long as the key does; nothing is kept for them.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { ApiError } from '#kernel/api-error.ts'
import { rememberedByText } from '#kernel/remembered.ts'

const SEAL_BYTES = 16
const REMEMBERED_CHARACTERS = 2_000_000

export class PageTokens {
  /** The seal of a text. Remembered: watching a list means to ask for the same pages again and again. */
  readonly #sealOf: (text: string) => Buffer

  constructor(key: Buffer) {
    this.#sealOf = rememberedByText(REMEMBERED_CHARACTERS, (text) =>
      createHmac('sha256', key).update(text).digest().subarray(0, SEAL_BYTES),
    )
  }

  /** `binding` is everything that must be the same for the token to be good. In hex: models allow no more than base64, URLs less. */
  seal(cursor: unknown, binding: string): string {
    const text = JSON.stringify(cursor)
    return Buffer.concat([this.#sealOf(bound(text, binding)), Buffer.from(text)]).toString('hex')
  }

  /** `answered`: the member of answers in which the token was, for who is refused. */
  open(token: string, binding: string, answered = 'NextToken'): unknown {
    const bytes = Buffer.from(token, 'hex')
    const text = bytes.toString('utf8', SEAL_BYTES)
    if (
      bytes.length <= SEAL_BYTES ||
      // Decoding stops at the first character that is no hex.
      bytes.length * 2 !== token.length ||
      !timingSafeEqual(bytes.subarray(0, SEAL_BYTES), this.#sealOf(bound(text, binding)))
    ) {
      throw new ApiError(
        'InvalidNextToken',
        `The specified token is not valid. Use the ${answered} of the previous answer, with the same filters and credentials.`,
      )
    }
    return JSON.parse(text)
  }
}

/** One text of both, from which nobody can make another pair with the same text. */
function bound(text: string, binding: string): string {
  return `${binding.length}:${binding}${text}`
}
