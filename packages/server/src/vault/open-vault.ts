/**
 * The start of the vault: finds the master keys, and proves against the database that they are the right ones before anything is
 * sealed. A key that is missing, or another one, ends the start with nothing written, neither to the database nor to a file: the right
 * key put back, all is as before.
 *
 * A key that the database does not know yet, in front of the ones that it does know, is the operator's way to rotate. A crash between the
 * file of a new key and its row in the database looks the same, and ends the same.
 */
import { type Database, type Tx, tables } from '#db/database.ts'
import { Keyring, type MasterKey, SealBroken } from '#kernel/vault.ts'
import type { FollowingKey, KnownKey, MasterKeySource } from './source.ts'
import type { MasterKeyTable, VaultTables } from './tables.ts'

export interface VaultParts {
  readonly database: Database
  readonly source: MasterKeySource
  /** Keys from elsewhere that may still be needed to open what is old. */
  readonly olderKeys: readonly MasterKey[]
  /** The ids of keys that the operator says are gone for good. */
  readonly lostKeyIds: readonly string[]
  readonly now: Date
}

/** Throws a sentence for the operator if a master key is missing or wrong. */
export async function openVault({ database, source, olderKeys, lostKeyIds, now }: VaultParts): Promise<Keyring> {
  const rows = await database.read((reader) =>
    tables<VaultTables>(reader).selectFrom('master_key').selectAll().orderBy('created_at', 'desc').execute(),
  )
  const needed = rows.filter((row) => row.lost_at === null && !lostKeyIds.includes(row.key_id))
  const { current, older } = source.keys(needed.map(toKnownKey))
  const available = [...(current ? [current] : []), ...older, ...olderKeys]
  const missing = needed.filter((row) => !opens(available, row))
  if (missing.length > 0) throw new Error(missingKey(source, available, missing))

  const following: FollowingKey = current ? { key: current } : source.follow('')
  await database.write(async (tx) => {
    for (const keyId of lostKeyIds) await markLost(tx, keyId, now)
    await makeCurrent(tx, following, now)
  })
  return new Keyring(following.key, available)
}

function toKnownKey({ key_id, derivation }: MasterKeyTable): KnownKey {
  return { id: key_id, derivation: derivation === null ? undefined : JSON.parse(derivation) }
}

/** Says in the database that the key seals from now on. */
export async function makeCurrent(tx: Tx, { key, derivation }: FollowingKey, now: Date): Promise<void> {
  const db = tables<VaultTables>(tx)
  const at = now.toISOString()
  await db
    .updateTable('master_key')
    .set({ replaced_at: at })
    .where('replaced_at', 'is', null)
    .where('key_id', '!=', key.id)
    .execute()
  await db
    .insertInto('master_key')
    .values({
      key_id: key.id,
      proof: new Keyring(key).seal(Buffer.from(PROOF), aadOf(key.id)),
      derivation: derivation ? JSON.stringify(derivation) : null,
      created_at: at,
      replaced_at: null,
      lost_at: null,
    })
    .onConflict((on) => on.column('key_id').doUpdateSet({ replaced_at: null, lost_at: null }))
    .execute()
}

const PROOF = 'the master key is the right one'

function aadOf(keyId: string): string {
  return `master-key-proof:${keyId}`
}

function opens(keys: readonly MasterKey[], { key_id, proof }: MasterKeyTable): boolean {
  const key = keys.find(({ id }) => id === key_id)
  try {
    return key !== undefined && new Keyring(key).open(proof, aadOf(key_id)).toString() === PROOF
  } catch (error) {
    if (error instanceof SealBroken) return false
    throw error
  }
}

async function markLost(tx: Tx, keyId: string, now: Date): Promise<void> {
  await tables<VaultTables>(tx)
    .updateTable('master_key')
    .set({ lost_at: now.toISOString() })
    .where('key_id', '=', keyId)
    .execute()
}

function missingKey(
  source: MasterKeySource,
  available: readonly MasterKey[],
  missing: readonly MasterKeyTable[],
): string {
  const ids = missing.map(({ key_id }) => key_id)
  const others = [...new Set(available.map(({ id }) => id))].filter((id) => !ids.includes(id))
  const has = others.length > 0 ? `has ${others.join(', ')} instead` : 'does not have it'
  return [
    `the master key ${ids[0]} is missing: ${source.name} ${has}.`,
    ...(ids.length > 1 ? [`  Older ones that are still needed are missing too: ${ids.slice(1).join(', ')}.`] : []),
    '',
    '  Without it these cannot be read: the access keys and second factors of users, the keys of KMS and with them all',
    '  SecureString parameters, the secrets of webhooks. All else is whole, and nothing was changed by this start.',
    '',
    '  To mend it: put the right key back and start again. docs/keys.md says where copies may be.',
    '  If it is gone for good, its secrets are too. Then start once with',
    `    STEWARD_MASTER_KEY_LOST=${ids.join(',')}`,
    '  A new key takes its place, and what was sealed under the old one has to be made anew.',
  ].join('\n')
}
