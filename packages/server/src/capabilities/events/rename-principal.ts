import { mayName } from '#capabilities/naming-principal.ts'
import { type Tx, tables } from '#db/database.ts'
import { withPrincipalRenamed } from '#iam/policy/rename-principal.ts'
import { saveBus } from './bus-store.ts'
import type { EventTables } from './tables.ts'

/** In the policies of event buses, in all accounts. */
export async function renamePrincipal(tx: Tx, from: string, to: string): Promise<void> {
  const buses = await tables<EventTables>(tx)
    .selectFrom('event_bus')
    .selectAll()
    .where(mayName('policy', from))
    .execute()
  for (const bus of buses) {
    const policy = bus.policy && withPrincipalRenamed(bus.policy, from, to)
    if (policy !== bus.policy) await saveBus(tx, { ...bus, policy })
  }
}
