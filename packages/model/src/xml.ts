const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' }

/** Text for the inside of an element. Characters that XML forbids become the replacement character. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"\r\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (found) => ESCAPES[found] ?? legal(found))
}

function legal(character: string): string {
  const allowed = character === '\t' || character === '\n' || (character >= '\u007F' && character <= '\u009F')
  return allowed ? character : '\uFFFD'
}

/** An element with content that is XML already. */
export function element(tag: string, content: string, namespace?: string): string {
  const attribute = namespace ? ` xmlns="${escapeText(namespace)}"` : ''
  return `<${tag}${attribute}>${content}</${tag}>`
}
