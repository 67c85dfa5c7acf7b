import { pasteInto } from './ask-paste.tsx'
import type { Shell } from './shell.ts'

/** What keys of the terminal do in the page. */
export interface PageKeys {
  readonly search: () => void
  /** To what is around the terminal: nobody who uses a keyboard alone is caught in it. */
  readonly leave: () => void
}

/** Copies what is selected; false if nothing is. */
export async function copySelection({ screen: { terminal } }: Shell): Promise<boolean> {
  const text = terminal.getSelection()
  if (text === '') return false
  // Without HTTPS browsers copy only what is selected in the page, which the terminal sees to.
  if (navigator.clipboard) await navigator.clipboard.writeText(text)
  else document.execCommand('copy')
  return true
}

/** Takes the keys and pastes that are for the page, before the program on the node gets them. Returns how to stop. */
export function takeKeys(shell: Shell, keys: PageKeys): () => void {
  const { terminal, element } = shell.screen
  terminal.attachCustomKeyEventHandler((event) => {
    const act = event.type === 'keydown' ? actOf(event, shell, keys) : undefined
    if (!act) return !isPasteKey(event)
    event.preventDefault()
    act()
    return false
  })
  const onPaste = (event: ClipboardEvent) => {
    event.preventDefault()
    event.stopPropagation()
    pasteInto(shell, event.clipboardData?.getData('text/plain') ?? '')
  }
  element.addEventListener('paste', onPaste, { capture: true })
  return () => {
    terminal.attachCustomKeyEventHandler(() => true)
    element.removeEventListener('paste', onPaste, { capture: true })
  }
}

function actOf(event: KeyboardEvent, shell: Shell, keys: PageKeys): (() => void) | undefined {
  const { terminal } = shell.screen
  if (!event.ctrlKey || event.altKey || event.metaKey) return undefined
  if (!event.shiftKey) {
    // As everywhere else, once something is selected; the next one interrupts.
    const copies = event.key === 'c' && terminal.hasSelection()
    return copies ? () => void copySelection(shell).then(() => terminal.clearSelection()) : undefined
  }
  switch (event.key.toLowerCase()) {
    case 'c':
      return () => void copySelection(shell)
    case 'f':
      return keys.search
    case 'l':
      return keys.leave
    default:
      return undefined
  }
}

/** The browser turns it into a paste by itself, unless the terminal takes it. */
function isPasteKey({ ctrlKey, shiftKey, key }: KeyboardEvent): boolean {
  return ctrlKey && shiftKey && key.toLowerCase() === 'v'
}
