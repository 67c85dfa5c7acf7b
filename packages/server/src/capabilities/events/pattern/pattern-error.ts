/** A pattern that is none; the message says what is wrong with it, for whoever wrote it. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}
