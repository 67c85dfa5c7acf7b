import { toApiConnection } from '../connection.ts'
import { listConnections } from '../connection-store.ts'
import { events } from '../events.ts'
import { PAGE_SIZE, pageOf } from '../page.ts'

export const ListConnections = events.read('ListConnections', {
  access: () => ({ action: 'events:ListConnections', resources: ['*'] }),

  async handle({ NamePrefix = '', ConnectionState, Limit = PAGE_SIZE }, call) {
    const filter = { prefix: NamePrefix, after: call.cursor<string>() ?? '', limit: Limit + 1 }
    // Connections are always authorized.
    const none = ConnectionState !== undefined && ConnectionState !== 'AUTHORIZED'
    const rows = none ? [] : await listConnections(call.db, call.scope, filter)
    const { items, next } = pageOf(rows, Limit, ({ name }) => name)
    const Connections = items.map((row) => {
      const { AuthParameters: _parameters, Description: _description, ...shown } = toApiConnection(row)
      return shown
    })
    return { Connections, NextToken: call.nextToken(next) }
  },
})
