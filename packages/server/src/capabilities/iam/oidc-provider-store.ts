/** Issuers of web identities that the account trusts. */
import type { Tag } from '@steward/model/generated/iam.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { readTags } from './entity-tags.ts'
import { sortedBy } from './page.ts'
import type { OidcProviderTable, RoleTables } from './tables.ts'

export interface OidcProvider {
  readonly account: string
  readonly arn: string
  /** Without `https://`. */
  readonly url: string
  /** The audiences that tokens may be for. */
  readonly clientIds: readonly string[]
  readonly thumbprints: readonly string[]
  readonly createdAt: Date
  readonly tags: readonly Tag[]
}

/** False if the account has a provider of that URL already. */
export async function insertProvider(tx: Tx, provider: OidcProvider): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables<RoleTables>(tx)
    .insertInto('iam_oidc_provider')
    .values({
      account: provider.account,
      arn: provider.arn,
      url: provider.url,
      client_ids: JSON.stringify(provider.clientIds),
      thumbprints: JSON.stringify(provider.thumbprints),
      created_at: provider.createdAt.toISOString(),
      tags: JSON.stringify(provider.tags),
    })
    .onConflict((conflict) => conflict.column('arn').doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows !== 0n
}

export async function findProvider(reader: Reader, account: string, arn: string): Promise<OidcProvider | undefined> {
  const row = await tables<RoleTables>(reader)
    .selectFrom('iam_oidc_provider')
    .selectAll()
    .where('account', '=', account)
    .where('arn', '=', arn)
    .executeTakeFirst()
  return row && toProvider(row)
}

/** In order of their ARNs. */
export async function listProviders(reader: Reader, account: string): Promise<OidcProvider[]> {
  const rows = await tables<RoleTables>(reader)
    .selectFrom('iam_oidc_provider')
    .selectAll()
    .where('account', '=', account)
    .execute()
  return sortedBy(rows.map(toProvider), ({ arn }) => arn)
}

export async function changeProvider(
  tx: Tx,
  { arn }: OidcProvider,
  change: Partial<Pick<OidcProvider, 'clientIds' | 'thumbprints' | 'tags'>>,
): Promise<void> {
  const { clientIds, thumbprints, tags } = change
  await tables<RoleTables>(tx)
    .updateTable('iam_oidc_provider')
    .set({
      ...(clientIds && { client_ids: JSON.stringify(clientIds) }),
      ...(thumbprints && { thumbprints: JSON.stringify(thumbprints) }),
      ...(tags && { tags: JSON.stringify(tags) }),
    })
    .where('arn', '=', arn)
    .execute()
}

export async function removeProvider(tx: Tx, account: string, arn: string): Promise<void> {
  await tables<RoleTables>(tx)
    .deleteFrom('iam_oidc_provider')
    .where('account', '=', account)
    .where('arn', '=', arn)
    .execute()
}

function toProvider(row: OidcProviderTable): OidcProvider {
  return {
    account: row.account,
    arn: row.arn,
    url: row.url,
    clientIds: JSON.parse(row.client_ids) as string[],
    thumbprints: JSON.parse(row.thumbprints) as string[],
    createdAt: new Date(row.created_at),
    tags: readTags(row.tags),
  }
}
