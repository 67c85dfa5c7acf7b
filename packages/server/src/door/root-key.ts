/**
 * The root key: of the environment, or else of the file `root-key.json`, which the first start makes and `steward root reset` replaces.
 * Who can write the file owns the installation anyway; so a new key in it is taken within a second, without a restart, and the old one is
 * refused from then on.
 *
 * The database remembers which root key was last in force. A change is found by comparing, whenever it was made, and its audit record is
 * written in the same transaction; so there is no change without a record, also if the server was stopped meanwhile or is killed.
 */
import { statSync } from 'node:fs'
import type { Kysely } from 'kysely'
import { type Database, type Migration, tables } from '#db/database.ts'
import { type AuditRecord, type ServiceEvent, toServiceRecord } from '#kernel/audit-record.ts'
import type { Config } from '#kernel/config.ts'
import type { DataDirectory } from '#kernel/data-directory.ts'
import { type AuditTrail, type Task, task } from '#kernel/declare.ts'
import { type Ids, randomIds } from '#kernel/ids.ts'
import type { Logger } from '#kernel/logger.ts'
import type { RootKey } from './authenticate.ts'

const FILE = 'root-key.json'
const LOOK_MS = 1000

interface KeyFile {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** What `steward root reset` says of itself. */
  readonly reset?: { readonly at: string; readonly by: string }
}

export interface RootKeyParts {
  readonly config: Pick<Config, 'account' | 'region' | 'rootKey'>
  readonly data: DataDirectory
  readonly database: Database
  readonly audit: Pick<AuditTrail, 'add' | 'added'>
  readonly ids: Ids
  readonly log: Logger
}

/** The root key that is in force right now. */
export class CurrentRootKey implements RootKey {
  readonly #parts: RootKeyParts
  #key: KeyFile
  #since = 0
  #seenFile: string | undefined
  readonly task: Task

  private constructor(parts: RootKeyParts) {
    this.#parts = parts
    this.#key = this.#read()
    this.task = task({
      name: 'door.root-key',
      everyMs: LOOK_MS,
      run: async ({ now }) => ({ taken: Number(await this.#takeFile(now())) }),
    })
  }

  /** Resolves once a change since the last start is on the audit trail. */
  static async open(parts: RootKeyParts, now: Date): Promise<CurrentRootKey> {
    const root = new CurrentRootKey(parts)
    await root.#enforce(root.#key, now)
    return root
  }

  /** As it is right now. */
  get key(): RootKey {
    const { account, accessKeyId, secretAccessKey } = this
    return { account, accessKeyId, secretAccessKey }
  }

  get account(): string {
    return this.#parts.config.account
  }

  get accessKeyId(): string {
    return this.#key.accessKeyId
  }

  get secretAccessKey(): string {
    return this.#key.secretAccessKey
  }

  /** Temporary credentials of the root that were issued before are void. Epoch milliseconds. */
  get since(): number {
    return this.#since
  }

  #read(): KeyFile {
    const { config, data } = this.#parts
    if (config.rootKey) return config.rootKey
    // Before it is read: a version that comes in between is then seen as a new one.
    this.#seenFile = this.#fileState()
    return parseKeyFile(
      data.ensure(FILE, () => `${JSON.stringify(newRootKey(), null, 2)}\n`),
      data.file(FILE),
    )
  }

  /** Which version of the file is there; undefined if there is none, in which case the key stays as it is. */
  #fileState(): string | undefined {
    const stat = statSync(this.#parts.data.file(FILE), { throwIfNoEntry: false })
    return stat && `${stat.ino}/${stat.mtimeMs}/${stat.size}`
  }

  async #takeFile(now: Date): Promise<boolean> {
    const state = this.#parts.config.rootKey ? undefined : this.#fileState()
    if (state === undefined || state === this.#seenFile) return false
    const key = this.#read()
    if (key.accessKeyId === this.accessKeyId && key.secretAccessKey === this.secretAccessKey) return false
    try {
      await this.#enforce(key, now)
    } catch (error) {
      this.#seenFile = undefined
      throw error
    }
    return true
  }

  async #enforce(key: KeyFile, now: Date): Promise<void> {
    const { database, audit, config, log } = this.#parts
    const changed = await database.write(async (tx) => {
      const db = tables<RootKeyTables>(tx)
      const known = await db.selectFrom('root_key').selectAll().executeTakeFirst()
      this.#since = known?.replaced_at ? Date.parse(known.replaced_at) : 0
      if (known?.access_key_id === key.accessKeyId) return false
      await db.deleteFrom('root_key').execute()
      const replacedAt = known ? now.toISOString() : null
      await db.insertInto('root_key').values({ access_key_id: key.accessKeyId, replaced_at: replacedAt }).execute()
      if (!known) return false
      await audit.add(tx, this.#record(known.access_key_id, key, now))
      this.#since = now.getTime()
      return true
    })
    this.#key = key
    if (!changed) return
    audit.added()
    log.warn({ accessKeyId: key.accessKeyId, account: config.account, reset: key.reset }, 'the root key was replaced')
  }

  #record(previousAccessKeyId: string, { accessKeyId, reset }: KeyFile, now: Date): AuditRecord {
    const { config, ids } = this.#parts
    const { account, region } = config
    const event: ServiceEvent = {
      scope: { account, region },
      service: 'steward',
      name: 'ResetRootKey',
      identity: { type: 'Root', principalId: account, arn: `arn:aws:iam::${account}:root`, accountId: account },
      data: { previousAccessKeyId, accessKeyId, ...(reset ? { resetBy: reset.by, resetAt: reset.at } : {}) },
    }
    return toServiceRecord(event, now, ids.uuid())
  }
}

function newRootKey(): KeyFile {
  return { accessKeyId: `AKIA${randomIds.secret(16).toUpperCase()}`, secretAccessKey: randomIds.secret(40) }
}

function parseKeyFile(text: string, path: string): KeyFile {
  const { accessKeyId, secretAccessKey, reset } = parsed(text)
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string')
    throw new Error(`${path} has no root key in it; npx steward root reset makes one.`)
  return { accessKeyId, secretAccessKey, ...(reset ? { reset } : {}) }
}

function parsed(text: string): Partial<KeyFile> {
  try {
    return (JSON.parse(text) as Partial<KeyFile> | null) ?? {}
  } catch {
    return {}
  }
}

interface RootKeyTables {
  root_key: {
    access_key_id: string
    /** When it took the place of another; null for the first one. */
    replaced_at: string | null
  }
}

const rootKey0001: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('root_key')
      .addColumn('access_key_id', 'text', (c) => c.primaryKey())
      .addColumn('replaced_at', 'text')
      .execute()
  },
}

export const rootKeyMigrations = { 'root-key-0001': rootKey0001 }
