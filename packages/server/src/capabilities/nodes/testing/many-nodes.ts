import { addResource } from '#capabilities/tags/index.ts'
import { type Database, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { factsToStore } from '../node-facts.ts'
import type { NodeTables } from '../tables.ts'

/** Writes nodes as a grown fleet has them: three platforms, two versions of the agent, a tenth of them gone, tags. */
export async function addManyNodes(database: Database, scope: Scope, count: number, now: Date): Promise<void> {
  const at = now.toISOString()
  await database.write(async (tx) => {
    for (let index = 0; index < count; index++) {
      const node_id = `mi-${index.toString(16).padStart(17, '0')}`
      const facts = factsToStore({
        activation_id: '00000000-0000-0000-0000-000000000000',
        iam_role: 'ServiceRole',
        registered_at: at,
        name: null,
        agent_name: 'amazon-ssm-agent',
        agent_version: index % 4 === 0 ? '1.9.0' : '1.10.0',
        platform_type: 'Linux',
        platform_name: ['Debian GNU/Linux', 'Ubuntu', 'AlmaLinux'][index % 3]!,
        platform_version: ['12', '24.04', '9.4'][index % 3]!,
        computer_name: `web-${index}.example`,
        ip_address: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
      })
      const presence = { connected: index % 10 === 0 ? 0 : 1, online_until: at, last_ping_at: at }
      const keys = { fingerprint: '', public_key: '', previous_public_key: null }
      await tables<NodeTables>(tx)
        .insertInto('node')
        .values({ node_id, ...scope, ...facts, ...presence, ...keys })
        .execute()
      const tags = [
        { Key: 'env', Value: index % 5 === 0 ? 'prod' : 'dev' },
        { Key: 'rack', Value: `r${index % 40}` },
      ]
      await addResource(tx, scope, { type: 'ManagedInstance', id: node_id }, index % 50 === 7 ? [] : tags)
    }
  })
}
