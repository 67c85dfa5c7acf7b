import { mayName } from '#capabilities/naming-principal.ts'
import { type Tx, tables } from '#db/database.ts'
import { withPrincipalRenamed } from '#iam/policy/rename-principal.ts'
import { writePolicy } from './resource-policy.ts'
import type { ParameterTables } from './tables.ts'

/** In the policies of parameters, in all accounts. */
export async function renamePrincipal(tx: Tx, from: string, to: string): Promise<void> {
  const rows = await tables<ParameterTables>(tx)
    .selectFrom('parameter_policy')
    .selectAll()
    .where(mayName('policy', from))
    .execute()
  for (const row of rows) {
    const policy = withPrincipalRenamed(row.policy, from, to)
    if (policy !== row.policy) await writePolicy(tx, row, row.policy_id, policy)
  }
}
