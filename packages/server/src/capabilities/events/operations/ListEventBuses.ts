import { toApiBus } from '../bus.ts'
import { customBuses, requireBus } from '../bus-store.ts'
import { events } from '../events.ts'
import { DEFAULT_BUS } from '../names.ts'
import { PAGE_SIZE, pageOf } from '../page.ts'

export const ListEventBuses = events.read('ListEventBuses', {
  access: () => ({ action: 'events:ListEventBuses', resources: ['*'] }),

  async handle({ NamePrefix = '', Limit = PAGE_SIZE }, call) {
    const after = call.cursor<string>() ?? ''
    const all = [await requireBus(call.db, call.scope, DEFAULT_BUS), ...(await customBuses(call.db, call.scope))]
    const wanted = all
      .filter(({ name }) => name.startsWith(NamePrefix) && name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const { items, next } = pageOf(wanted, Limit, ({ name }) => name)
    return { EventBuses: items.map(toApiBus), NextToken: call.nextToken(next) }
  },
})
