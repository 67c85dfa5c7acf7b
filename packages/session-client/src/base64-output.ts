/**
 * What a command of the node prints as base64, in bytes again. Amazon's agent takes output for text: of each U+FFFD in it only the first
 * byte arrives, and nothing of what looks like the beginning of a character at the end. So files come from it in letters.
 */
export class Base64Output {
  readonly #decoder = new TextDecoder()
  #rest = ''

  /** The bytes of a further piece, as far as they are known by then. */
  decode(piece: Uint8Array): Uint8Array<ArrayBuffer> {
    const text = this.#rest + this.#decoder.decode(piece, { stream: true }).replace(/\s+/g, '')
    const whole = text.length - (text.length % 4)
    this.#rest = text.slice(whole)
    return Uint8Array.from(atob(text.slice(0, whole)), (byte) => byte.charCodeAt(0))
  }
}
