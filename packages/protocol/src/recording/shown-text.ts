/**
 * The lines of text that a terminal showed: what remains of its output without control sequences. Follows the cursor within one line,
 * so that what was typed with corrections reads as it stood in the end; a cursor that goes to another line ends the line. Not a
 * terminal: of a program that draws a whole screen it gives what was drawn, in the order in which it was.
 */

export interface ShownLine {
  /** When its first character was shown. */
  readonly milliseconds: number
  readonly text: string
}

/** Longer lines are given in pieces. */
const LONGEST_LINE = 4096
const LONGEST_SEQUENCE = 64
const TAB = 8

const CONTROL = /\p{Cc}/gu
/** What ends a text that is not shown. */
const BELL_CANCEL_ESCAPE = '\x07\x18\x1a\x1b'
/** What may follow an escape. */
const CSI = /\[([0-?]*)[ -/]*([@-~])/y
const BEGINS_UNSEEN = /[\]PX^_]/y
const OTHER_ESCAPE = /[ -/]*[0-Z\\`-~]/y

export class ShownText {
  #line = ''
  #column = 0
  #milliseconds = 0
  /** The beginning of a control sequence. */
  #held = ''
  /** Within a title or another text for the terminal, which is not shown. */
  #unseen = false
  #lines: ShownLine[] = []

  /** Nothing is on the line, so reading may begin anew here. */
  get isBlank(): boolean {
    return this.#line === '' && this.#held === '' && !this.#unseen
  }

  /** Takes in what was shown at this time; answers the lines that it completed. */
  add(text: string, milliseconds: number): ShownLine[] {
    if (this.#line === '') this.#milliseconds = milliseconds
    const all = this.#held + text
    this.#held = ''
    let at = 0
    while (at < all.length) at = this.#unseen ? this.#skip(all, at) : this.#step(all, at, milliseconds)
    return this.#taken()
  }

  /** The line that was not completed, if there is something on it. */
  end(): ShownLine[] {
    this.#newLine()
    return this.#taken()
  }

  #taken(): ShownLine[] {
    const lines = this.#lines
    this.#lines = []
    return lines
  }

  /** Up to the end of what is not shown. */
  #skip(all: string, at: number): number {
    const end = nextControl(all, at)
    if (end === all.length) return end
    this.#unseen = !BELL_CANCEL_ESCAPE.includes(all[end]!)
    return all[end] === '\x1b' ? end : end + 1
  }

  #step(all: string, at: number, milliseconds: number): number {
    const end = nextControl(all, at)
    if (end > at) this.#write(all.slice(at, end), milliseconds)
    if (end === all.length) return end
    if (all[end] === '\x1b') return this.#escape(all, end)
    this.#control(all[end]!)
    return end + 1
  }

  #write(text: string, milliseconds: number): void {
    if (this.#line === '') this.#milliseconds = milliseconds
    const line = this.#line.padEnd(this.#column)
    const end = this.#column + text.length
    this.#line = line.slice(0, this.#column) + text + line.slice(end)
    this.#column = end
    while (this.#line.length > LONGEST_LINE) {
      this.#lines.push({ milliseconds: this.#milliseconds, text: this.#line.slice(0, LONGEST_LINE) })
      this.#line = this.#line.slice(LONGEST_LINE)
      this.#column = Math.max(0, this.#column - LONGEST_LINE)
      this.#milliseconds = milliseconds
    }
  }

  #control(unit: string): void {
    switch (unit) {
      case '\n':
      case '\v':
      case '\f':
        this.#newLine()
        return
      case '\r':
        this.#column = 0
        return
      case '\b':
        this.#column = Math.max(0, this.#column - 1)
        return
      case '\t':
        this.#column = this.#within(this.#column + TAB - (this.#column % TAB))
    }
  }

  #newLine(): void {
    const text = this.#line.trimEnd()
    if (text !== '') this.#lines.push({ milliseconds: this.#milliseconds, text })
    this.#line = ''
    this.#column = 0
  }

  #escape(all: string, at: number): number {
    const after = at + 1
    const [, parameters, final] = matchAt(CSI, all, after) ?? []
    if (final) {
      this.#sequence(parameters!, final)
      return CSI.lastIndex
    }
    if (matchAt(BEGINS_UNSEEN, all, after)) {
      this.#unseen = true
      return after + 1
    }
    if (matchAt(OTHER_ESCAPE, all, after)) {
      // A line down, up, or to the next, and a reset.
      if ('DEMc'.includes(all[OTHER_ESCAPE.lastIndex - 1]!)) this.#newLine()
      return OTHER_ESCAPE.lastIndex
    }
    if (all.length - at > LONGEST_SEQUENCE) return after
    this.#held = all.slice(at)
    return all.length
  }

  #sequence(parameters: string, final: string): void {
    const count = Math.max(1, Number.parseInt(parameters, 10) || 1)
    const [line, column] = [this.#line, this.#column]
    switch (final) {
      case 'C':
        this.#column = this.#within(column + count)
        return
      case 'D':
        this.#column = Math.max(0, column - count)
        return
      case 'G':
      case '`':
        this.#column = this.#within(count - 1)
        return
      case 'J':
        if (parameters === '' || parameters === '0') this.#line = line.slice(0, column)
        else this.#newLine()
        return
      case 'K':
        this.#erase(parameters)
        return
      case 'P':
        this.#line = line.slice(0, column) + line.slice(column + count)
        return
      case 'X':
        this.#line =
          line.slice(0, column) +
          ' '.repeat(Math.min(count, Math.max(0, line.length - column))) +
          line.slice(column + count)
        return
      case '@':
        if (column < line.length)
          this.#line = (line.slice(0, column).padEnd(this.#within(column + count)) + line.slice(column)).slice(
            0,
            LONGEST_LINE,
          )
        return
      case 'A':
      case 'B':
      case 'E':
      case 'F':
      case 'H':
      case 'f':
      case 'd':
      case 'L':
      case 'M':
        this.#newLine()
    }
  }

  #erase(parameters: string): void {
    if (parameters === '' || parameters === '0') this.#line = this.#line.slice(0, this.#column)
    else if (parameters === '1') this.#line = ' '.repeat(this.#column) + this.#line.slice(this.#column)
    else this.#line = ''
  }

  /** No line is longer, whatever a program asks for. */
  #within(column: number): number {
    return Math.min(column, LONGEST_LINE - 1)
  }
}

function nextControl(text: string, at: number): number {
  CONTROL.lastIndex = at
  return CONTROL.exec(text)?.index ?? text.length
}

function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at
  return expression.exec(text)
}
