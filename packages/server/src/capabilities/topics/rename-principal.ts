import { mayName } from '#capabilities/naming-principal.ts'
import { type Tx, tables } from '#db/database.ts'
import { withPrincipalRenamed } from '#iam/policy/rename-principal.ts'
import type { TopicTables } from './tables.ts'
import { saveTopic } from './topic-store.ts'

/** In the policies of topics, in all accounts. */
export async function renamePrincipal(tx: Tx, from: string, to: string): Promise<void> {
  const topics = await tables<TopicTables>(tx).selectFrom('topic').selectAll().where(mayName('policy', from)).execute()
  for (const topic of topics) {
    const policy = topic.policy && withPrincipalRenamed(topic.policy, from, to)
    if (policy !== topic.policy) await saveTopic(tx, { ...topic, policy })
  }
}
