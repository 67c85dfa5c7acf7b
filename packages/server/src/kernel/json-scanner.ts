const SPACE = /[ \t\n\r]*/y
const STRING = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y

/** Walks through JSON piece by piece, for strict readers that keep what JSON.parse loses: order, repetitions, and where everything stands. */
export abstract class JsonScanner {
  protected readonly text: string
  /** Offset of what comes next. */
  protected at = 0

  constructor(text: string) {
    this.text = text
  }

  /** What is thrown where the text goes on with something else than this. */
  protected abstract fault(expected: string): Error

  /** Calls `member` before each member of an object or list, from its opening bracket to behind its closing one. */
  protected within(close: '}' | ']', member: () => void): void {
    this.at++
    if (this.accept(close)) return
    for (;;) {
      this.peek()
      member()
      if (this.accept(close)) return
      if (!this.accept(',')) throw this.fault(`A comma or ${close} is expected.`)
    }
  }

  /** A name and the colon behind it. */
  protected name(): string {
    if (this.peek() !== '"') throw this.fault('A name in quotation marks is expected.')
    const name = this.string()
    if (!this.accept(':')) throw this.fault('A colon is expected.')
    return name
  }

  protected string(): string {
    const start = this.at
    const literal = this.take(STRING)
    try {
      return JSON.parse(literal ?? '') as string
    } catch {
      this.at = start
      throw this.fault('A text of JSON is expected.')
    }
  }

  protected accept(character: string): boolean {
    if (this.peek() !== character) return false
    this.at++
    return true
  }

  /** The next character that is no space; undefined at the end. */
  protected peek(): string | undefined {
    this.take(SPACE)
    return this.text[this.at]
  }

  /** What a sticky pattern matches here. */
  protected take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const taken = pattern.exec(this.text)?.[0]
    this.at += taken?.length ?? 0
    return taken
  }
}
