/**
 * Event buses as targets of rules: the event goes on to the rules of that bus, with its id, source and time as they are (recorded
 * 2024-07). From there it goes to no third bus, so no ring of buses goes round and round.
 */
import { deniesService } from '#iam/policy/denies-service.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import type { Access, Delivery, DeliveryTarget } from '#kernel/declare.ts'
import { DeliveryFailed } from '#kernel/delivery-failed.ts'
import { busHere, findBus } from './bus-store.ts'
import { aboutOf, type BusEvent } from './event.ts'
import { fanOut } from './fan-out.ts'
import { makeDeliveries } from './make-deliveries.ts'
import { isBusArn } from './names.ts'
import type { BusRow } from './tables.ts'
import { requireRoleMay } from './target-role.ts'

export const busTarget: DeliveryTarget = {
  kind: 'local',
  serves: isBusArn,
  async deliver(delivery, context) {
    const { scope, targetArn, payload } = delivery
    const event = JSON.parse(payload) as BusEvent
    await requireRoleMay(delivery, [demandOf(targetArn, event)], context)
    const name = busHere(scope, targetArn)
    const bus = name === undefined ? undefined : await findBus(context.db, scope, name)
    if (!bus) throw failed('TARGET_NOT_FOUND', `The event bus ${targetArn} does not exist.`)
    if (isDenied(delivery, bus)) throw failed('NO_PERMISSIONS', `The policy of ${targetArn} denies it the event.`)
    const about = aboutOf({ ...event, detailType: event['detail-type'] })
    const received = { ...scope, bus: bus.name, about, event: payload }
    await fanOut(context.db, [received], { now: () => context.now, ids: context.ids }, { isForwarded: true })
    context.wake(makeDeliveries)
  },
}

/** What a rule that was given a role must be allowed. */
function demandOf(bus: string, event: BusEvent): Access {
  return {
    action: 'events:PutEvents',
    resources: [bus],
    context: {
      'events:source': [event.source],
      'events:detail-type': [event['detail-type']],
      'events:eventBusInvocation': 'true',
    },
  }
}

/** A rule without a role leads to buses of its own account by itself, unless their policy keeps EventBridge out. */
function isDenied({ scope, targetArn, sourceArn, settings }: Delivery, bus: BusRow): boolean {
  if (settings.RoleArn || bus.policy === null) return false
  const policy = { name: bus.name, source: 'resource', policy: parsePolicy(bus.policy, 'resource') } as const
  const service = 'events.amazonaws.com'
  return deniesService({ scope, service, action: 'events:PutEvents', resource: targetArn, sourceArn }, policy)
}

function failed(code: string, message: string): DeliveryFailed {
  return new DeliveryFailed(code, message, { retry: false })
}
