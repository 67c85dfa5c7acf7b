import { checkEndpoint, DEFAULT_RATE_LIMIT, requireConnectionArn, toApiDestination } from '../api-destination.ts'
import { findApiDestination, saveApiDestination } from '../connection-store.ts'
import { alreadyExists } from '../errors.ts'
import { events } from '../events.ts'
import { apiDestinationArn } from '../names.ts'

export const CreateApiDestination = events.write('CreateApiDestination', {
  access: (input, call) => ({
    action: 'events:CreateApiDestination',
    resources: [apiDestinationArn(call.scope, input.Name, '*')],
  }),

  async handle(input, call) {
    checkEndpoint(input.InvocationEndpoint)
    await requireConnectionArn(call.db, call.scope, input.ConnectionArn)
    if (await findApiDestination(call.db, call.scope, input.Name)) throw alreadyExists('ApiDestination', input.Name)
    const { account, region } = call.scope
    const at = call.now.toISOString()
    const row = {
      account,
      region,
      name: input.Name,
      uid: call.ids.uuid(),
      description: input.Description ?? null,
      connection_arn: input.ConnectionArn,
      endpoint: input.InvocationEndpoint,
      method: input.HttpMethod,
      rate_limit: input.InvocationRateLimitPerSecond ?? DEFAULT_RATE_LIMIT,
      created_at: at,
      modified_at: at,
    }
    await saveApiDestination(call.db, row)
    const { ApiDestinationArn, ApiDestinationState, CreationTime, LastModifiedTime } = await toApiDestination(
      call.db,
      row,
    )
    return { ApiDestinationArn, ApiDestinationState, CreationTime, LastModifiedTime }
  },
})
