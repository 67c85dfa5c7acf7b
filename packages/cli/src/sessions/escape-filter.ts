/** What a person types, with `~.` at the start of a line taken out: it leaves the session, as in ssh. `~~` is one `~`. */
export class EscapeFilter {
  #atLineStart = true
  #tilde = false

  /** What of the bytes is for the node; `leave` once `~.` was typed. */
  take(typed: Uint8Array): { forward: Uint8Array; leave: boolean } {
    const forward: number[] = []
    for (const byte of typed) {
      if (this.#tilde) {
        this.#tilde = false
        if (byte === DOT) return { forward: Uint8Array.from(forward), leave: true }
        forward.push(TILDE)
        this.#atLineStart = false
        if (byte === TILDE) continue
      } else if (byte === TILDE && this.#atLineStart) {
        this.#tilde = true
        continue
      }
      forward.push(byte)
      this.#atLineStart = byte === RETURN || byte === NEWLINE
    }
    return { forward: Uint8Array.from(forward), leave: false }
  }
}

const TILDE = 0x7e
const DOT = 0x2e
const RETURN = 0x0d
const NEWLINE = 0x0a
