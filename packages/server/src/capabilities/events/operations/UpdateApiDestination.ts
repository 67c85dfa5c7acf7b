import { checkEndpoint, requireConnectionArn, toApiDestination } from '../api-destination.ts'
import { requireApiDestination, saveApiDestination } from '../connection-store.ts'
import { events } from '../events.ts'
import { apiDestinationArn } from '../names.ts'

/** What is left out stays as it is. */
export const UpdateApiDestination = events.write('UpdateApiDestination', {
  access: (input, call) => ({
    action: 'events:UpdateApiDestination',
    resources: [apiDestinationArn(call.scope, input.Name, '*')],
  }),

  async handle(input, call) {
    if (input.InvocationEndpoint) checkEndpoint(input.InvocationEndpoint)
    const row = await requireApiDestination(call.db, call.scope, input.Name, 'update')
    if (input.ConnectionArn) await requireConnectionArn(call.db, call.scope, input.ConnectionArn)
    const changed = {
      ...row,
      description: input.Description ?? row.description,
      connection_arn: input.ConnectionArn ?? row.connection_arn,
      endpoint: input.InvocationEndpoint ?? row.endpoint,
      method: input.HttpMethod ?? row.method,
      rate_limit: input.InvocationRateLimitPerSecond ?? row.rate_limit,
      modified_at: call.now.toISOString(),
    }
    await saveApiDestination(call.db, changed)
    const { ApiDestinationArn, ApiDestinationState, CreationTime, LastModifiedTime } = await toApiDestination(
      call.db,
      changed,
    )
    return { ApiDestinationArn, ApiDestinationState, CreationTime, LastModifiedTime }
  },
})
