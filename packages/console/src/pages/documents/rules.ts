/** Rules of the server, mirrored so that a form can say them at once: packages/server/src/capabilities/documents/document.ts. */

export const MOST_BYTES = 64 * 1024

const NAME = /^[a-zA-Z0-9_\-.]{3,128}$/
const RESERVED = /^(aws|amazon|amzn)/i

/** What is wrong with the name of a new document. */
export function nameFault(name: string): 'wrong' | 'reserved' | undefined {
  if (!NAME.test(name)) return 'wrong'
  return RESERVED.test(name) ? 'reserved' : undefined
}

/** A name for a copy. */
export function nameForCopy(name: string): string {
  return `${name.replace(/^(aws|amazon|amzn)[-_.]?/i, '').slice(0, 120)}-copy`
}
