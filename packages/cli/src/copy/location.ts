import { UsageFault } from '#fault.ts'

/** What one side of `steward cp` names. */
export type Location =
  | { readonly node: string; readonly path: string }
  | { readonly node: undefined; readonly path: string }

/** `NODE:path`, or a path of this machine. A colon after a slash, or a drive letter before it, is part of a path. Throws UsageFault. */
export function parseLocation(text: string): Location {
  const colon = text.startsWith('tag:') ? text.indexOf(':', 4) : text.indexOf(':')
  const slash = text.indexOf('/')
  const local = colon < 0 || (slash >= 0 && slash < colon) || /^[A-Za-z]:[\\/]/.test(text)
  if (text === '' || colon === 0) throw new UsageFault(`'${text}' names no file: write PATH, or NODE:PATH.`)
  if (local) return { node: undefined, path: text }
  return { node: text.slice(0, colon), path: text.slice(colon + 1) || '.' }
}
