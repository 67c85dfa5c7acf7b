import { BUSES_PER_ACCOUNT } from '../bus.ts'
import { customBuses, findBus, saveBus } from '../bus-store.ts'
import { alreadyExists, invalid, notBuilt, tooMany } from '../errors.ts'
import { events } from '../events.ts'
import { busArn } from '../names.ts'
import { putTags, tagConditions, taggingAccess } from '../tag-store.ts'

export const CreateEventBus = events.write('CreateEventBus', {
  access({ Name, Tags }, call) {
    const resources = [busArn(call.scope, Name)]
    const create = { action: 'events:CreateEventBus', resources, context: tagConditions(Tags) }
    return [create, ...taggingAccess(resources, Tags)]
  },

  async handle(input, call) {
    const { Name, Description, Tags = [] } = input
    if (input.EventSourceName) throw notBuilt('Partner event sources are')
    if (input.KmsKeyIdentifier) throw notBuilt('Event buses with a key of their own are')
    if (input.LogConfig || input.DeadLetterConfig) throw notBuilt('LogConfig and DeadLetterConfig of event buses are')
    if (Name.includes('/')) throw invalid("Event bus name must not contain '/'.")
    if (await findBus(call.db, call.scope, Name)) throw alreadyExists('Event bus', Name)
    if ((await customBuses(call.db, call.scope)).length >= BUSES_PER_ACCOUNT) throw tooMany()
    const at = call.now.toISOString()
    const { account, region } = call.scope
    const bus = { account, region, name: Name, description: Description ?? null, policy: null }
    await saveBus(call.db, { ...bus, created_at: at, modified_at: at })
    await putTags(call.db, call.scope, busArn(call.scope, Name), Tags)
    return { EventBusArn: busArn(call.scope, Name), Description }
  },
})
