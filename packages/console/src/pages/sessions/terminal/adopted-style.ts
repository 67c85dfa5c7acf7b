/**
 * Stands where xterm.js would put a `<style>` element (vite.config.ts sees to that): the console's policy takes none. Its text is a style
 * sheet that the document has as long as the element is in it.
 */
class AdoptedStyle extends HTMLElement {
  readonly #sheet = new CSSStyleSheet()

  override get textContent(): string {
    return ''
  }

  override set textContent(css: string) {
    this.#sheet.replaceSync(css)
  }

  connectedCallback(): void {
    document.adoptedStyleSheets.push(this.#sheet)
  }

  disconnectedCallback(): void {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet)
  }
}

/** Before the first terminal is made. */
export function defineAdoptedStyle(): void {
  if (!customElements.get('adopted-style')) customElements.define('adopted-style', AdoptedStyle)
}
