import { capability } from '#kernel/declare.ts'
import { busTarget } from './bus-target.ts'
import { sealedConnections } from './connection-store.ts'
import { forgetDeadLetters } from './dead-letters.ts'
import { deliverEvents } from './deliver-events.ts'
import { eventResources } from './event-resources.ts'
import { makeDeliveries } from './make-deliveries.ts'
import { events0001 } from './migrations/0001-events.ts'
import { renamePrincipal } from './rename-principal.ts'
import { runSchedules } from './run-schedules.ts'
import { webhookTarget } from './webhook-target.ts'

export { deliverEvents } from './deliver-events.ts'
export { dropDeliveries, LONGEST_PAUSE_SECONDS, MOST_ATTEMPTS, type NewDelivery, queueDeliveries } from './delivery.ts'
export { type Happening, wholeSeconds } from './event.ts'
export { parseExactly } from './exact-json.ts'
export { makeDeliveries } from './make-deliveries.ts'
export { matchesAbout } from './match-history.ts'
export { emitEvent, emitEvents, emitIdentified, Wanted } from './outbox.ts'
export { compiledPattern, compilePattern } from './pattern/event-pattern.ts'
export { PatternError } from './pattern/pattern-error.ts'
export { busKeeper, ruleKeeper } from './tagged-events.ts'
export { requireRoleMay, roleOfTarget } from './target-role.ts'

/** Events: what happened, who wants to know, and telling them. Speaks EventBridge's API. */
export const eventsCapability = capability({
  name: 'events',
  url: import.meta.url,
  changeKinds: [
    { kind: 'rules', read: 'events:ListRules' },
    { kind: 'deliveries', read: 'steward:ListRuleMatches' },
  ],
  migrations: { 'events-0001': events0001 },
  tasks: [deliverEvents, makeDeliveries, runSchedules, forgetDeadLetters],
  deliveryTargets: [webhookTarget, busTarget],
  sealedColumns: [sealedConnections],
  resources: eventResources,
  renamePrincipal,
})
