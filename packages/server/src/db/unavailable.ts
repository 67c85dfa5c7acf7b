import { ApiError } from '#kernel/api-error.ts'

/**
 * The database cannot do its work now: it is full, locked, gone. A caller may try again; what it asked for has not happened,
 * unless a connection broke in the middle of a commit.
 */
export function unavailable(cause: unknown): ApiError {
  const message = 'The server cannot use its database at the moment. Try again in a while.'
  return new ApiError('ServiceUnavailable', message, { cause })
}

/** The database contradicts itself, and will until its files are replaced. The cause has its own words for it. */
export class DatabaseDamaged extends Error {
  override readonly name = 'DatabaseDamaged'

  constructor(cause?: Error) {
    super(`the database is damaged${cause ? ` (${cause.message})` : ''}`, { cause })
  }
}
