/** The role that a target of a rule was given: what is delivered to it is delivered as that role, with no more than its rights. */
import { sessionForService } from '#capabilities/iam/index.ts'
import type { Reader } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access, Admit, Delivery } from '#kernel/declare.ts'
import { DeliveryFailed } from '#kernel/delivery-failed.ts'
import type { RolePrincipal } from '#kernel/principal.ts'

const SERVICE = 'events.amazonaws.com'

/** The role in the hands of EventBridge. Throws `DeliveryFailed` unless its trust policy lets EventBridge have it. */
export async function roleOfTarget(
  { settings, eventId }: Delivery,
  { db, now }: { readonly db: Reader; readonly now: Date },
): Promise<RolePrincipal> {
  const roleArn = String(settings.RoleArn ?? '')
  const { principal } = await sessionForService(db, roleArn, SERVICE, eventId, now)
  if (principal) return principal
  throw new DeliveryFailed(
    'ROLE_NOT_ASSUMED',
    `The role ${roleArn} does not exist, or its trust policy does not let ${SERVICE} assume it.`,
    { retry: false },
  )
}

/** Throws `DeliveryFailed` if the target was given a role that may not do what the delivery takes. */
export async function requireRoleMay(
  delivery: Delivery,
  demanded: readonly Access[],
  context: { readonly db: Reader; readonly now: Date; readonly admit: Admit },
): Promise<void> {
  if (!delivery.settings.RoleArn) return
  const principal = await roleOfTarget(delivery, context)
  try {
    await context.admit(demanded, { principal, scope: delivery.scope, service: SERVICE }, context)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new DeliveryFailed(error.code, error.message, { retry: false, cause: error })
  }
}
