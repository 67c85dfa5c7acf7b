import { aliasWithoutPrefix, invalid, notAnAlias, reservedAlias } from './errors.ts'

export const RESERVED = 'alias/aws/'
/** AWS's quota. */
export const ALIASES_PER_KEY = 50

/** Throws unless a person may give or take this alias. */
export function checkAliasName(name: string): void {
  if (!name.startsWith('alias/')) throw aliasWithoutPrefix()
  if (name === 'alias/') throw notAnAlias()
  if (name.startsWith(RESERVED)) throw reservedAlias(name)
  if (name.includes(':')) throw invalid(`${name} contains invalid characters for an alias`)
}
