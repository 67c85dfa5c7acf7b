import { toApiDestination } from '../api-destination.ts'
import { listApiDestinations } from '../connection-store.ts'
import { events } from '../events.ts'
import { PAGE_SIZE, pageOf } from '../page.ts'

export const ListApiDestinations = events.read('ListApiDestinations', {
  access: () => ({ action: 'events:ListApiDestinations', resources: ['*'] }),

  async handle({ NamePrefix = '', ConnectionArn, Limit = PAGE_SIZE }, call) {
    const filter = { prefix: NamePrefix, after: call.cursor<string>() ?? '', limit: Limit + 1 }
    const rows = await listApiDestinations(call.db, call.scope, filter, ConnectionArn)
    const { items, next } = pageOf(rows, Limit, ({ name }) => name)
    const ApiDestinations = []
    for (const row of items) ApiDestinations.push(await toApiDestination(call.db, row))
    return { ApiDestinations, NextToken: call.nextToken(next) }
  },
})
