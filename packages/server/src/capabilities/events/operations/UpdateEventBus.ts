import { busNamed, requireBus, saveBus } from '../bus-store.ts'
import { notBuilt } from '../errors.ts'
import { events } from '../events.ts'
import { busArn } from '../names.ts'

export const UpdateEventBus = events.write('UpdateEventBus', {
  access: (input, call) => ({
    action: 'events:UpdateEventBus',
    resources: [busArn(call.scope, busNamed(call.scope, input.Name))],
  }),

  async handle(input, call) {
    if (input.KmsKeyIdentifier) throw notBuilt('Event buses with a key of their own are')
    if (input.LogConfig || input.DeadLetterConfig) throw notBuilt('LogConfig and DeadLetterConfig of event buses are')
    const bus = await requireBus(call.db, call.scope, busNamed(call.scope, input.Name))
    const description = input.Description ?? bus.description
    await saveBus(call.db, { ...bus, description, modified_at: call.now.toISOString() })
    return { Arn: busArn(call.scope, bus.name), Name: bus.name, Description: description ?? undefined }
  },
})
