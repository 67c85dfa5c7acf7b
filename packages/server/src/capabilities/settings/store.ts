import type { Kysely } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import { defaultValue } from './setting.ts'
import type { SettingTable, SettingTables } from './tables.ts'

const byId = statement((db: Kysely<SettingTables>, account: string, region: string, id: string) =>
  db
    .selectFrom('service_setting')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .where('id', '=', id),
)

/** The setting as somebody changed it; undefined while it has its default. */
export async function changedSetting(
  reader: Reader,
  { account, region }: Scope,
  id: string,
): Promise<SettingTable | undefined> {
  return (await byId(reader, account, region, id))[0]
}

/** What a setting is right now. */
export async function settingOf(reader: Reader, scope: Scope, id: string): Promise<string> {
  return (await changedSetting(reader, scope, id))?.value ?? defaultValue(id)
}

export async function changeSetting(tx: Tx, setting: SettingTable): Promise<void> {
  const { value, modified_at, modified_by } = setting
  await tables<SettingTables>(tx)
    .insertInto('service_setting')
    .values(setting)
    .onConflict((conflict) =>
      conflict.columns(['account', 'region', 'id']).doUpdateSet({ value, modified_at, modified_by }),
    )
    .execute()
}

export async function resetSetting(tx: Tx, { account, region }: Scope, id: string): Promise<void> {
  await tables<SettingTables>(tx)
    .deleteFrom('service_setting')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('id', '=', id)
    .execute()
}
