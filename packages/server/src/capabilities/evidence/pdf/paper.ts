/** Pages, and the few things that are put on them: text, facts, tables. */
import { fileURLToPath } from 'node:url'
import PDFDocument from 'pdfkit'

export const INK = '#16191f'
export const PALE = '#5f6b7a'
const LINE = '#d5dbdb'
const SHADE = '#f4f4f4'

const MARGIN = 48
const FOOT = 40
const SIZE = 8
const PAD = 3.5
/** Characters of one cell; nobody reads more in print. */
const MOST_CHARACTERS = 300

const REGULAR = fontFile('DejaVuSans')
const BOLD = fontFile('DejaVuSans-Bold')

export interface TableColumn {
  readonly title: string
  /** Of the whole width. */
  readonly share: number
  readonly align?: 'right'
}

export interface Cell {
  readonly text: string
  readonly colour?: string
  readonly bold?: boolean
  /** Left out where it is the same as in the row above, on the same page. */
  readonly once?: boolean
}

export class Paper {
  readonly #doc: PDFKit.PDFDocument
  readonly #done: Promise<Buffer>
  #lacked = false

  constructor(title: string, at: Date) {
    // The date makes it the same file whenever it is drawn.
    const info = { Title: title, Producer: 'Steward', Creator: 'Steward', CreationDate: at, ModDate: at }
    const margins = { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOT / 2 }
    this.#doc = new PDFDocument({
      size: 'A4',
      margins,
      info,
      bufferPages: true,
      lang: 'en',
      displayTitle: true,
      font: REGULAR,
    })
    const pieces: Buffer[] = []
    this.#doc.on('data', (piece: Buffer) => pieces.push(piece))
    this.#done = new Promise((resolve, reject) => {
      this.#doc.on('end', () => resolve(Buffer.concat(pieces)))
      this.#doc.on('error', reject)
    })
    this.#use({})
  }

  /** Whether something was written as code points, because the font lacks it. */
  get lacked(): boolean {
    return this.#lacked
  }

  get width(): number {
    return this.#doc.page.width - 2 * MARGIN
  }

  newPage(): void {
    this.#doc.addPage()
  }

  space(points: number): void {
    this.#doc.y += points
  }

  title(text: string): void {
    this.text(text, { size: 20, bold: true })
  }

  heading(text: string): void {
    this.#room(80)
    this.space(18)
    this.text(text, { size: 12, bold: true })
    this.space(4)
  }

  text(text: string, look: Look & { readonly size?: number } = {}): void {
    this.#use(look, look.size ?? 9)
    this.#doc.text(this.#printable(text), MARGIN, this.#doc.y, { width: this.width, lineGap: 1.5 })
  }

  /** Names and what they are, one below the other. */
  facts(facts: readonly (readonly [name: string, value: string])[]): void {
    const columns = [
      { title: '', share: 0.24 },
      { title: '', share: 0.76 },
    ]
    for (const [name, value] of facts) this.#row(columns, [{ text: name, colour: PALE }, { text: value }], 1.5)
  }

  /** Large numbers with their names, side by side. */
  numbers(numbers: readonly (readonly [name: string, value: string])[]): void {
    this.#room(56)
    const top = this.#doc.y
    const each = this.width / numbers.length
    for (const [index, [name, value]] of numbers.entries()) {
      const x = MARGIN + index * each
      this.#use({ bold: true }, 18)
      this.#doc.text(value, x, top, { width: each - 8, lineBreak: false })
      this.#use({ colour: PALE }, 7.5)
      this.#doc.text(name, x, top + 24, { width: each - 8 })
    }
    this.#doc.y = top + 46
  }

  /** The titles come again on every page. */
  table(columns: readonly TableColumn[], rows: Iterable<readonly Cell[]>): void {
    const titles = columns.map(({ title }) => ({ text: title, colour: PALE, bold: true }))
    const head = () => {
      this.#row(columns, titles, PAD, SHADE)
    }
    this.#room(60)
    head()
    let above: readonly Cell[] = []
    for (const row of rows) {
      if (!this.#fits(this.#heightOf(columns, row) + 2 * PAD)) {
        this.newPage()
        head()
        above = []
      }
      const cells = row.map((cell, at) => (cell.once && cell.text === above[at]?.text ? { text: '' } : cell))
      this.#row(columns, cells, PAD)
      this.#rule()
      above = row
    }
  }

  /** Empty lines with words below, to be filled in by hand. */
  blanks(names: readonly string[]): void {
    this.#room(70)
    this.space(40)
    const top = this.#doc.y
    const each = this.width / names.length
    for (const [index, name] of names.entries()) {
      const x = MARGIN + index * each
      this.#doc
        .moveTo(x, top)
        .lineTo(x + each - 16, top)
        .lineWidth(0.5)
        .strokeColor(PALE)
        .stroke()
      this.#use({ colour: PALE }, 7.5)
      this.#doc.text(name, x, top + 4, { width: each - 16 })
    }
    this.#doc.y = top + 18
  }

  /** The same on every page, with its number. */
  async finish(foot: string): Promise<Buffer> {
    const { count } = this.#doc.bufferedPageRange()
    for (let page = 0; page < count; page++) {
      this.#doc.switchToPage(page)
      // Else what is written in the margin would begin a page.
      this.#doc.page.margins.bottom = 0
      this.#use({ colour: PALE }, 7)
      const y = this.#doc.page.height - FOOT
      this.#doc.text(this.#printable(foot), MARGIN, y, { width: this.width - 80, lineBreak: false })
      this.#doc.text(`${page + 1} of ${count}`, MARGIN, y, { width: this.width, align: 'right', lineBreak: false })
    }
    this.#doc.end()
    return this.#done
  }

  #row(columns: readonly TableColumn[], cells: readonly Cell[], pad: number, fill?: string): void {
    const height = this.#heightOf(columns, cells)
    if (!this.#fits(height + 2 * pad)) this.newPage()
    const top = this.#doc.y
    if (fill) this.#doc.rect(MARGIN, top, this.width, height + 2 * pad).fill(fill)
    let x = MARGIN
    for (const [index, { share, align = 'left' }] of columns.entries()) {
      const cell = cells[index]!
      this.#use(cell)
      this.#doc.text(this.#cellText(cell.text), x + PAD, top + pad, { width: share * this.width - 2 * PAD, align })
      x += share * this.width
    }
    this.#doc.y = top + height + 2 * pad
  }

  #heightOf(columns: readonly TableColumn[], cells: readonly Cell[]): number {
    const heights = columns.map(({ share }, index) => {
      this.#use(cells[index]!)
      return this.#doc.heightOfString(this.#cellText(cells[index]!.text), { width: share * this.width - 2 * PAD })
    })
    return Math.max(...heights)
  }

  #rule(): void {
    const { y } = this.#doc
    this.#doc
      .moveTo(MARGIN, y)
      .lineTo(MARGIN + this.width, y)
      .lineWidth(0.5)
      .strokeColor(LINE)
      .stroke()
  }

  #room(points: number): void {
    if (!this.#fits(points)) this.newPage()
  }

  #fits(points: number): boolean {
    return this.#doc.y + points <= this.#doc.page.height - MARGIN - FOOT / 2
  }

  #use({ bold = false, colour = INK }: Look, size = SIZE): void {
    this.#doc
      .font(bold ? BOLD : REGULAR)
      .fontSize(size)
      .fillColor(colour)
  }

  #cellText(text: string): string {
    return this.#printable(text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text)
  }

  /** Characters that the font lacks, or that have no form or change the order of others, become their code points. */
  #printable(text: string): string {
    const { font } = (this.#doc as unknown as { _font: { font: { hasGlyphForCodePoint(point: number): boolean } } })
      ._font
    let printable = ''
    for (const character of text.replace(/\s+/g, ' ')) {
      const point = character.codePointAt(0)!
      const isShown = font.hasGlyphForCodePoint(point) && !/\p{C}/u.test(character)
      if (!isShown) this.#lacked = true
      printable += isShown ? character : `[U+${point.toString(16).toUpperCase().padStart(4, '0')}]`
    }
    return printable
  }
}

interface Look {
  readonly bold?: boolean
  readonly colour?: string
}

function fontFile(name: string): string {
  return fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`))
}
