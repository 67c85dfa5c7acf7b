import { parseExactly, requireRoleMay } from '#capabilities/events/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Delivery, DeliveryTarget, LocalDeliveryContext } from '#kernel/declare.ts'
import { DeliveryFailed } from '#kernel/delivery-failed.ts'
import { findGroup } from './group-store.ts'
import { parseGroupArn, streamArn } from './names.ts'
import { putEvents } from './put-events.ts'
import { isDenied } from './resource-policies.ts'
import { addStream, findStream, requireStream } from './stream-store.ts'
import type { LogGroupRow } from './tables.ts'

/** Log groups as targets of rules: each event becomes one log event, in a stream that is called like the rule. */
export const logGroupTarget: DeliveryTarget = {
  kind: 'local',
  serves: (arn) => parseGroupArn(arn) !== undefined,
  async deliver(delivery, context) {
    const { scope, name } = parseGroupArn(delivery.targetArn)!
    const group = await findGroup(context.db, scope, name)
    if (!group) throw new DeliveryFailed('TARGET_NOT_FOUND', `The log group ${name} does not exist.`, { retry: false })
    const arn = streamArn(scope, name, streamName(delivery))
    const demanded = ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resources: [arn] }))
    await requireRoleMay(delivery, demanded, context)
    if (await isDenied(context.db, scope, 'events.amazonaws.com', arn, delivery.sourceArn))
      throw new DeliveryFailed('NO_PERMISSIONS', `A resource policy denies writing to ${arn}.`, { retry: false })
    const stream = await streamFor(delivery, group, context)
    try {
      await putEvents(context, group, stream, [logEvent(delivery)])
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      throw new DeliveryFailed(error.code, error.message, { retry: false, cause: error })
    }
  },
}

function streamName({ sourceArn }: Delivery): string {
  return sourceArn.slice(sourceArn.lastIndexOf('/') + 1)
}

async function streamFor(delivery: Delivery, { id }: LogGroupRow, { db, now }: LocalDeliveryContext) {
  const name = streamName(delivery)
  if (!(await findStream(db, id, name))) await addStream(db, id, name, now)
  return requireStream(db, id, name)
}

/** An input that has a `timestamp` and a `message`, as AWS asks of transformers for log groups, says what to write. */
function logEvent({ payload, createdAt }: Delivery): { timestamp: number; message: string } {
  const { timestamp, message } = asObject(payload, JSON.parse)
  if (typeof timestamp !== 'number' || message === undefined)
    return { timestamp: createdAt.getTime(), message: payload }
  const text = typeof message === 'string' ? message : JSON.stringify(asObject(payload, parseExactly).message)
  return { timestamp, message: text }
}

function asObject(
  payload: string,
  parse: (text: string) => unknown,
): { readonly timestamp?: unknown; readonly message?: unknown } {
  try {
    const parsed = parse(payload)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}
