import type { PasswordPolicy } from '@steward/model/generated/iam.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { KeyUse } from '#kernel/declare.ts'
import type { KeyLastUsed } from './access-key-store.ts'
import type { AccountTable, UserTables } from './user-tables.ts'

/** What an account says of itself as a whole. */
export interface Account {
  readonly alias: string | undefined
  readonly passwordPolicy: PasswordPolicy | undefined
  /** When, where and with which service the root's key was last used. */
  readonly rootKeyUsed: KeyLastUsed | undefined
  readonly credentialReport: { readonly content: string; readonly at: Date } | undefined
}

export async function findAccount(reader: Reader, account: string): Promise<Account> {
  const row = await tables<UserTables>(reader)
    .selectFrom('iam_account')
    .selectAll()
    .where('account', '=', account)
    .executeTakeFirst()
  return {
    alias: row?.alias ?? undefined,
    passwordPolicy: row?.password_policy ? (JSON.parse(row.password_policy) as PasswordPolicy) : undefined,
    rootKeyUsed: row?.root_key_used_at
      ? { at: new Date(row.root_key_used_at), service: row.root_key_used_service!, region: row.root_key_used_region! }
      : undefined,
    credentialReport: row?.credential_report
      ? { content: row.credential_report, at: new Date(row.credential_report_at!) }
      : undefined,
  }
}

/** Which account has the alias. Aliases are unique among all accounts. */
export async function accountOfAlias(reader: Reader, alias: string): Promise<string | undefined> {
  const row = await tables<UserTables>(reader)
    .selectFrom('iam_account')
    .select('account')
    .where('alias', '=', alias)
    .executeTakeFirst()
  return row?.account
}

export async function setAlias(tx: Tx, account: string, alias: string | undefined): Promise<void> {
  await change(tx, account, { alias: alias ?? null })
}

export async function setPasswordPolicy(tx: Tx, account: string, policy: PasswordPolicy | undefined): Promise<void> {
  await change(tx, account, { password_policy: policy ? JSON.stringify(policy) : null })
}

export async function setCredentialReport(tx: Tx, account: string, content: string, at: Date): Promise<void> {
  await change(tx, account, { credential_report: content, credential_report_at: at.toISOString() })
}

/** Says when the account began. */
export async function noteBeginning(tx: Tx, account: string, at: Date): Promise<void> {
  await change(tx, account, { began_at: at.toISOString() })
}

/** Since when there is the account. */
export async function beginningOf(reader: Reader, account: string): Promise<Date> {
  const { began_at } = await tables<UserTables>(reader)
    .selectFrom('iam_account')
    .select('began_at')
    .where('account', '=', account)
    .executeTakeFirstOrThrow()
  return new Date(began_at!)
}

/** Notes uses of the root's key; one that is older than the noted one is no fault. */
export async function noteRootKeyUses(tx: Tx, uses: readonly KeyUse[]): Promise<void> {
  for (const { account, at, service, region } of uses) {
    await tables<UserTables>(tx)
      .updateTable('iam_account')
      .set({ root_key_used_at: at.toISOString(), root_key_used_service: service, root_key_used_region: region })
      .where('account', '=', account)
      .where((eb) => eb.or([eb('root_key_used_at', 'is', null), eb('root_key_used_at', '<', at.toISOString())]))
      .execute()
  }
}

async function change(tx: Tx, account: string, columns: Partial<AccountTable>): Promise<void> {
  const none = {
    began_at: null,
    alias: null,
    password_policy: null,
    credential_report: null,
    credential_report_at: null,
    root_key_used_at: null,
    root_key_used_service: null,
    root_key_used_region: null,
  }
  await tables<UserTables>(tx)
    .insertInto('iam_account')
    .values({ account, ...none, ...columns })
    .onConflict((conflict) => conflict.column('account').doUpdateSet(columns))
    .execute()
}
