import type { DescribeActivationsFilter } from '@steward/model/generated/ssm.ts'
import type { Selectable } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Activation } from './activation.ts'
import type { ActivationTable, NodeTables } from './tables.ts'

/** Where a page of activations begins: after this one, the newest first. */
export interface ActivationCursor {
  readonly createdAt: string
  readonly id: string
}

const FILTERED_COLUMNS = {
  ActivationIds: 'activation_id',
  DefaultInstanceName: 'default_instance_name',
  IamRole: 'iam_role',
} as const

export async function addActivation(tx: Tx, activation: Activation): Promise<void> {
  await tables<NodeTables>(tx).insertInto('activation').values(toRow(activation)).execute()
}

/** The activation with this id in whatever account and Region: a registration names neither. */
export async function findActivationAnywhere(reader: Reader, id: string): Promise<Activation | undefined> {
  const row = await tables<NodeTables>(reader)
    .selectFrom('activation')
    .selectAll()
    .where('activation_id', '=', id)
    .executeTakeFirst()
  return row && toActivation(row)
}

/** Counts one registration more. False if the limit is reached, whoever else registers at this moment. */
export async function countRegistration(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tables<NodeTables>(tx)
    .updateTable('activation')
    .set((eb) => ({ registrations_count: eb('registrations_count', '+', 1) }))
    .where('activation_id', '=', id)
    .whereRef('registrations_count', '<', 'registration_limit')
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** False if there is no such activation. */
export async function deleteActivation(tx: Tx, scope: Scope, id: string): Promise<boolean> {
  const { numDeletedRows } = await tables<NodeTables>(tx)
    .deleteFrom('activation')
    .where('activation_id', '=', id)
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Up to `limit` activations, the newest first, that satisfy every filter. */
export async function listActivations(
  reader: Reader,
  scope: Scope,
  filters: readonly Required<DescribeActivationsFilter>[],
  after: ActivationCursor | undefined,
  limit: number,
): Promise<Activation[]> {
  let query = tables<NodeTables>(reader)
    .selectFrom('activation')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .orderBy('created_at', 'desc')
    .orderBy('activation_id', 'desc')
    .limit(limit)
  for (const { FilterKey, FilterValues } of filters)
    query = query.where(FILTERED_COLUMNS[FilterKey], 'in', FilterValues)
  if (after) {
    query = query.where((eb) =>
      eb(eb.refTuple('created_at', 'activation_id'), '<', eb.tuple(after.createdAt, after.id)),
    )
  }
  return (await query.execute()).map(toActivation)
}

function toRow(activation: Activation): ActivationTable {
  return {
    activation_id: activation.id,
    account: activation.scope.account,
    region: activation.scope.region,
    code_hash: activation.codeHash,
    description: activation.description ?? null,
    default_instance_name: activation.defaultInstanceName ?? null,
    iam_role: activation.iamRole,
    registration_limit: activation.registrationLimit,
    registrations_count: activation.registrationsCount,
    expires_at: activation.expiresAt.toISOString(),
    created_at: activation.createdAt.toISOString(),
    tags: JSON.stringify(activation.tags),
    registration_metadata: JSON.stringify(activation.registrationMetadata),
  }
}

export function toActivation(row: Selectable<ActivationTable>): Activation {
  return {
    id: row.activation_id,
    scope: { account: row.account, region: row.region },
    codeHash: row.code_hash,
    description: row.description ?? undefined,
    defaultInstanceName: row.default_instance_name ?? undefined,
    iamRole: row.iam_role,
    registrationLimit: row.registration_limit,
    registrationsCount: row.registrations_count,
    expiresAt: new Date(row.expires_at),
    createdAt: new Date(row.created_at),
    tags: JSON.parse(row.tags) as Activation['tags'],
    registrationMetadata: JSON.parse(row.registration_metadata) as Activation['registrationMetadata'],
  }
}
