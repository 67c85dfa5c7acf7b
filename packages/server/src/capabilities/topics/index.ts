import { capability } from '#kernel/declare.ts'
import { forgetUnconfirmed } from './confirmation.ts'
import { topics0001 } from './migrations/0001-topics.ts'
import { renamePrincipal } from './rename-principal.ts'
import { subscriptionTarget } from './subscription-target.ts'
import { topicResources } from './topic-resources.ts'
import { topicTarget } from './topic-target.ts'

export { topicKeeper } from './tagged-topics.ts'

/** Topics and who is subscribed to them. Speaks SNS's API. */
export const topicsCapability = capability({
  name: 'topics',
  url: import.meta.url,
  changeKinds: [{ kind: 'topics', read: 'sns:ListTopics' }],
  migrations: { 'topics-0001': topics0001 },
  tasks: [forgetUnconfirmed],
  deliveryTargets: [topicTarget, subscriptionTarget],
  resources: topicResources,
  renamePrincipal,
})
