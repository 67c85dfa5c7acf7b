/** A document that cannot be run at all. The sentence becomes the command's trace output. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError'
}
