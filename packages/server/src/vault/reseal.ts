/**
 * Seals anew, under the current master key, what an older one sealed: a batch at a time, each in a transaction of its own, while the
 * server goes on. A row is found by the id in its envelope, so nothing is remembered between batches and a crash costs nothing.
 *
 * An older key is forgotten once nothing is sealed under it, and it was replaced long enough ago that no transaction that began before is
 * still on its way.
 */
import { sql } from 'kysely'
import { type Reader, select, type Tx, tables } from '#db/database.ts'
import { type SealedColumn, type Task, type TaskContext, task } from '#kernel/declare.ts'
import type { Keyring } from '#kernel/vault.ts'
import type { MasterKeySource } from './source.ts'
import type { VaultTables } from './tables.ts'

const A_BATCH = 100
const MINUTE_MS = 60_000
const SETTLED_MS = 10 * MINUTE_MS

export function resealTask(keyring: Keyring, source: MasterKeySource, columns: readonly SealedColumn[]): Task {
  return task({
    name: 'vault.reseal',
    everyMs: MINUTE_MS,
    async run(context) {
      let resealed = 0
      let forgotten = 0
      for (const keyId of keyring.ids.filter((id) => id !== keyring.currentId)) {
        for (const column of columns) resealed += await resealColumn(column, keyId, keyring, context)
        if (!context.signal.aborted && (await forget(keyId, keyring, columns, context))) forgotten++
      }
      if (forgotten > 0) source.keepOnly(keyring.ids)
      return { resealed, forgotten }
    },
  })
}

/** How many values of all columns are sealed under a key. */
export async function countSealed(reader: Reader, columns: readonly SealedColumn[], keyId: string): Promise<number> {
  let count = 0
  for (const column of columns) {
    const [row] = await select(
      reader,
      sql<{ count: number }>`select count(*) as count from ${sql.table(column.table)} where ${isUnder(column, keyId)}`,
    )
    count += Number(row?.count ?? 0)
  }
  return count
}

async function resealColumn(
  column: SealedColumn,
  keyId: string,
  keyring: Keyring,
  { write, signal }: TaskContext,
): Promise<number> {
  let resealed = 0
  while (!signal.aborted) {
    const done = await write((tx) => resealBatch(tx, column, keyId, keyring))
    resealed += done
    if (done < A_BATCH) break
  }
  return resealed
}

type AnyTables = Record<string, Record<string, string | number | Uint8Array>>
type Row = Readonly<Record<string, string | number>> & { readonly sealed_value: Uint8Array }

async function resealBatch(tx: Tx, column: SealedColumn, keyId: string, keyring: Keyring): Promise<number> {
  const key = sql.join(column.key.map((name) => sql.ref(name)))
  const rows = await select(
    tx,
    sql<Row>`select ${key}, ${sql.ref(column.column)} as sealed_value from ${sql.table(column.table)}
             where ${isUnder(column, keyId)} limit ${A_BATCH}`,
  )
  for (const row of rows) {
    const aad = column.aad(row)
    const sealed = keyring.seal(keyring.open(row.sealed_value, aad), aad)
    let update = tables<AnyTables>(tx)
      .updateTable(column.table)
      .set({ [column.column]: sealed })
    for (const name of column.key) update = update.where(name, '=', row[name]!)
    await update.execute()
  }
  return rows.length
}

/** `substr` of bytes means the same to both databases; the id stands behind the envelope's first byte. */
function isUnder({ column }: SealedColumn, keyId: string) {
  return sql<boolean>`substr(${sql.ref(column)}, 2, 8) = ${Buffer.from(keyId, 'hex')}`
}

async function forget(
  keyId: string,
  keyring: Keyring,
  columns: readonly SealedColumn[],
  { write, now, log }: TaskContext,
): Promise<boolean> {
  const settled = new Date(now().getTime() - SETTLED_MS).toISOString()
  const unused = await write(async (tx) => {
    const db = tables<VaultTables>(tx)
    const row = await db.selectFrom('master_key').selectAll().where('key_id', '=', keyId).executeTakeFirst()
    if (row && (row.replaced_at === null || row.replaced_at > settled)) return false
    if ((await countSealed(tx, columns, keyId)) > 0) return false
    await db.deleteFrom('master_key').where('key_id', '=', keyId).execute()
    return true
  })
  if (!unused) return false
  keyring.forget(keyId)
  log.info({ masterKeyId: keyId }, 'master key no longer needed')
  return true
}
