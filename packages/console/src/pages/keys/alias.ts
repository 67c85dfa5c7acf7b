/** What an alias may be called, without `alias/`; mirrored from packages/server/src/capabilities/keys/alias.ts. */
import { keys as texts } from '#texts/keys.ts'

/** What is wrong with it; undefined: nothing. */
export function aliasFault(name: string): string | undefined {
  if (name.startsWith('aws/')) return texts.aliases.reserved
  return /^[a-zA-Z0-9/_-]{1,250}$/.test(name) ? undefined : texts.aliases.constraint
}
