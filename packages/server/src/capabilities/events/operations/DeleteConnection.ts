import { toApiConnection } from '../connection.ts'
import { deleteConnection, requireConnection } from '../connection-store.ts'
import { events } from '../events.ts'
import { connectionArn } from '../names.ts'

/** API destinations that use it stay, and deliver nothing any more. */
export const DeleteConnection = events.write('DeleteConnection', {
  access: (input, call) => ({
    action: 'events:DeleteConnection',
    resources: [connectionArn(call.scope, input.Name, '*')],
  }),

  async handle({ Name }, call) {
    const row = await requireConnection(call.db, call.scope, Name, 'delete')
    await deleteConnection(call.db, row)
    const { ConnectionArn, CreationTime, LastModifiedTime, LastAuthorizedTime } = toApiConnection(row)
    return { ConnectionArn, ConnectionState: 'DELETING', CreationTime, LastModifiedTime, LastAuthorizedTime }
  },
})
