import type { Kysely } from 'kysely'
import { bytesType, type Migration } from '#db/database.ts'

export interface VaultTables {
  master_key: MasterKeyTable
}

/** The master keys that something in this database is sealed under. Nothing here tells a key. */
export interface MasterKeyTable {
  key_id: string
  /** Known words, sealed: whoever opens them has the key. */
  proof: Uint8Array
  /** JSON; null unless the key follows from a passphrase. */
  derivation: string | null
  created_at: string
  /** When another key took its place; null while it seals. */
  replaced_at: string | null
  /** When the operator said that it is gone for good. */
  lost_at: string | null
}

const vault0001: Migration = {
  async up(kysely: Kysely<unknown>) {
    await kysely.schema
      .createTable('master_key')
      .addColumn('key_id', 'text', (c) => c.primaryKey())
      .addColumn('proof', bytesType(kysely), (c) => c.notNull())
      .addColumn('derivation', 'text')
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('replaced_at', 'text')
      .addColumn('lost_at', 'text')
      .execute()
  },
}

export const vaultMigrations = { 'vault-0001': vault0001 }
