import { setTimeout as sleep } from 'node:timers/promises'
import type { Delivery, DeliveryTarget, TaskContext } from '#kernel/declare.ts'
import { DeliveryFailed } from '#kernel/delivery-failed.ts'
import type { OutboundAnswer } from '#kernel/outbound.ts'
import { connectionWithArn } from './api-destination.ts'
import { findApiDestination, openSecrets } from './connection-store.ts'
import { apiDestinationArn } from './names.ts'
import type { ApiDestinationRow, ConnectionRow } from './tables.ts'
import { requireRoleMay } from './target-role.ts'
import { webhookRequest } from './webhook-request.ts'

/** Answers that another attempt may change, besides those of 500 and above. */
const WORTH_RETRYING = new Set([401, 407, 408, 409, 425, 429])

/** API destinations: HTTP requests to wherever the operator's rules allow. */
export const webhookTarget: DeliveryTarget = {
  kind: 'remote',
  serves: (arn) => arn.includes(':api-destination/'),
  async deliver(delivery, context) {
    const { destination, connection } = await look(delivery, context)
    await turnOf(delivery.targetArn, destination.rate_limit, context)
    const secrets = openSecrets(context.vault, connection)
    const request = webhookRequest(destination, secrets, delivery, context.now())
    judge(await context.outbound.send(request, context.signal), new URL(request.url).host)
  },
}

async function look(
  delivery: Delivery,
  { read, now, admit }: TaskContext,
): Promise<{ destination: ApiDestinationRow; connection: ConnectionRow }> {
  const { scope, targetArn } = delivery
  return read(async (reader) => {
    const invoke = { action: 'events:InvokeApiDestination', resources: [targetArn] }
    await requireRoleMay(delivery, [invoke], { db: reader, now: now(), admit })
    const destination = await findApiDestination(reader, scope, targetArn.split('/')[1] ?? '')
    if (!destination || apiDestinationArn(scope, destination.name, destination.uid) !== targetArn)
      throw gone(`The API destination ${targetArn} does not exist.`)
    const connection = await connectionWithArn(reader, scope, destination.connection_arn)
    if (!connection) throw gone(`The connection ${destination.connection_arn} does not exist.`)
    return { destination, connection }
  })
}

/** Throws `DeliveryFailed` unless the receiver took the request. */
export function judge({ status, retryAfterSeconds }: OutboundAnswer, host: string): void {
  if (status >= 200 && status < 300) return
  const redirect = status >= 300 && status < 400 ? ' Redirects are not followed.' : ''
  throw new DeliveryFailed(`HTTP_${status}`, `${host} answered with status ${status}.${redirect}`, {
    retry: status >= 500 || WORTH_RETRYING.has(status),
    retryAfterSeconds,
  })
}

const nextTurns = new WeakMap<TaskContext, Map<string, number>>()

/** Waits for the moment at which the destination's rate limit allows one more request. */
async function turnOf(arn: string, perSecond: number, context: TaskContext): Promise<void> {
  const turns = nextTurns.get(context) ?? new Map<string, number>()
  nextTurns.set(context, turns)
  const now = performance.now()
  const turn = Math.max(turns.get(arn) ?? 0, now)
  turns.set(arn, turn + 1000 / perSecond)
  if (turn > now) await sleep(turn - now, undefined, { signal: context.signal })
}

function gone(message: string): DeliveryFailed {
  return new DeliveryFailed('TARGET_NOT_FOUND', message, { retry: false })
}
