/**
 * The file that master keys are kept in: one in base64 to a line, the one that seals first, after it those that are still needed to open
 * what they sealed. Lines that begin with # are for people.
 */
import { randomBytes } from 'node:crypto'
import { type MasterKey, masterKey } from '#kernel/vault.ts'

const HEAD = `# Steward's master key. Without it, no secret in the database can be read: keep a copy elsewhere, apart from the database's.
# The first line seals. The others, if there are any, open what was sealed before the last rotation.
`

/** Throws a sentence that names `where` and has nothing of the keys in it. */
export function parseKeys(text: string, where: string): MasterKey[] {
  const lines = text.split('\n').map((line) => line.trim())
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => parseKey(line, where))
  if (keys.length === 0) throw new Error(`${where} has no master key in it.`)
  return keys
}

/** 32 bytes in base64. */
export function parseKey(text: string, where: string): MasterKey {
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text))
    throw new Error(`${where} does not have a master key: 32 bytes in base64, such as openssl rand -base64 32 prints.`)
  return masterKey(Buffer.from(text, 'base64'))
}

export function printKeys(keys: readonly MasterKey[]): string {
  return `${HEAD}${keys.map(({ secret }) => `${Buffer.from(secret).toString('base64')}\n`).join('')}`
}

export function newKey(): MasterKey {
  return masterKey(randomBytes(32))
}
