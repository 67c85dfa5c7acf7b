/**
 * A terminal that can be taken off the page and put back, with all that it shows. What is written to it comes from a node, which may
 * mean harm: nothing of it reaches the clipboard, the title of the window, or a place outside of the terminal; links are asked about.
 */
import '@xterm/xterm/css/xterm.css'
import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { WebLinksAddon } from '@xterm/addon-web-links'
import { Terminal } from '@xterm/xterm'
import { isDark } from '#app/appearance.ts'
import { defineAdoptedStyle } from './adopted-style.ts'
import { askForLink } from './links.ts'
import { terminalSettings } from './settings.ts'
import { themeColours } from './themes.ts'

const FONT = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace'
const SCROLLBACK_LINES = 10_000
/** Of a letter, as multiples of the size of its font. */
const LETTER = { width: 0.605, height: 1.2 }
const LEAST_FONT_SIZE = 6
const PADDING = 8
/** With which programs ask terminals to read or write the clipboard. */
const OSC_CLIPBOARD = 52

export interface ScreenOptions {
  /** Nobody types here. */
  readonly readOnly?: boolean
  /** The size is given by somebody else; else it is what fits into the page. */
  readonly fixedSize?: boolean
}

export class Screen {
  readonly element = document.createElement('div')
  readonly terminal: Terminal
  readonly search = new SearchAddon()
  readonly #fit = new FitAddon()
  readonly #fits: boolean
  readonly #resized = new ResizeObserver(() => this.fit())
  readonly #stop: (() => void)[]
  #opened = false

  constructor({ readOnly = false, fixedSize = false }: ScreenOptions = {}) {
    defineAdoptedStyle()
    this.element.className = 'st-screen'
    this.#fits = !fixedSize
    this.terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: !readOnly && !matchMedia('(prefers-reduced-motion: reduce)').matches,
      disableStdin: readOnly,
      fontFamily: FONT,
      linkHandler: { activate: (_event, address) => askForLink(address), allowNonHttpProtocols: false },
      macOptionIsMeta: true,
      minimumContrastRatio: 4.5,
      scrollback: SCROLLBACK_LINES,
    })
    this.terminal.loadAddon(this.#fit)
    this.terminal.loadAddon(this.search)
    this.terminal.loadAddon(new WebLinksAddon((_event, address) => askForLink(address)))
    this.terminal.parser.registerOscHandler(OSC_CLIPBOARD, () => true)
    if (fixedSize) this.terminal.onResize(() => this.fit())
    this.#follow()
    this.#stop = [terminalSettings.subscribe(() => this.#follow()), isDark.subscribe(() => this.#follow())]
  }

  /** Puts it into the page, where `container` is. */
  show(container: HTMLElement): void {
    container.append(this.element)
    if (!this.#opened) this.terminal.open(this.element)
    this.#opened = true
    this.#resized.observe(this.#fits ? this.element : container)
    this.fit()
  }

  /** Takes it out of the page. */
  hide(): void {
    this.#resized.disconnect()
    this.element.remove()
  }

  /** Has as many rows and columns as there is room for, or letters so small that all of them can be seen. */
  fit(): void {
    if (this.element.offsetHeight === 0) return
    if (this.#fits) this.#fit.fit()
    else this.terminal.options.fontSize = this.#smallEnough()
  }

  #smallEnough(): number {
    const { clientWidth, clientHeight } = this.element.parentElement!
    const { cols, rows } = this.terminal
    const byWidth = (clientWidth - 2 * PADDING) / cols / LETTER.width
    const byHeight = (clientHeight - 2 * PADDING) / rows / LETTER.height
    return Math.max(LEAST_FONT_SIZE, Math.min(terminalSettings.get().fontSize, Math.floor(Math.min(byWidth, byHeight))))
  }

  get isShown(): boolean {
    return this.element.isConnected
  }

  dispose(): void {
    for (const stop of this.#stop) stop()
    this.hide()
    this.terminal.dispose()
  }

  #follow(): void {
    const { theme, fontSize, screenReader } = terminalSettings.get()
    const { options } = this.terminal
    options.theme = themeColours(theme, isDark.get())
    options.fontSize = fontSize
    options.screenReaderMode = screenReader
    this.element.style.backgroundColor = options.theme.background ?? ''
    if (this.isShown) this.fit()
  }
}
