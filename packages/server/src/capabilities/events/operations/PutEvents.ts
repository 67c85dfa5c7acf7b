import type { PutEventsRequestEntry, PutEventsResultEntry } from '@steward/model/generated/events.ts'
import type { WriteCall } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { busHere, findBus } from '../bus-store.ts'
import { deliverEvents } from '../deliver-events.ts'
import { invalid, notBuilt } from '../errors.ts'
import { aboutOf, toEvent } from '../event.ts'
import { events } from '../events.ts'
import { exactly } from '../exact-json.ts'
import { busArn } from '../names.ts'
import { addToOutbox, Wanted } from '../outbox.ts'

const TOTAL_BYTES = 262_144

export const PutEvents = events.write('PutEvents', {
  access: ({ Entries }, call) => ({
    action: 'events:PutEvents',
    // A bus of elsewhere is the business of its entry alone.
    resources: busesHere(Entries, call.scope).map((bus) => busArn(call.scope, bus)),
    context: {
      'events:source': Entries.flatMap(({ Source }) => Source ?? []),
      'events:detail-type': Entries.flatMap(({ DetailType }) => DetailType ?? []),
      'events:eventBusInvocation': 'false',
    },
  }),

  async handle({ Entries, EndpointId }, call) {
    if (EndpointId) throw notBuilt('Global endpoints are')
    const bytes = Entries.reduce((sum, entry) => sum + sizeOf(entry), 0)
    if (bytes > TOTAL_BYTES) throw invalid('Total size of the entries in the request is over the limit.')
    const buses = await wantedByBus(Entries, call)
    const results: PutEventsResultEntry[] = []
    for (const entry of Entries) results.push(await putOne(entry, buses, call))
    call.wake(deliverEvents)
    return { FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode).length, Entries: results }
  },
})

/** What AWS counts of an entry. */
function sizeOf({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: PutEventsRequestEntry): number {
  const texts = [Source, DetailType, Detail, ...Resources]
  return (Time ? 14 : 0) + texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
}

/** The names of the buses of this account and Region that entries name. */
function busesHere(entries: readonly PutEventsRequestEntry[], scope: Scope): string[] {
  return [...new Set(entries.flatMap(({ EventBusName }) => busHere(scope, EventBusName) ?? []))]
}

/** What the rules of each bus want that entries name; undefined where there is no such bus. */
async function wantedByBus(
  entries: readonly PutEventsRequestEntry[],
  { db, scope }: WriteCall,
): Promise<ReadonlyMap<string, Wanted | undefined>> {
  const wanted = new Map<string, Wanted | undefined>()
  for (const name of busesHere(entries, scope))
    wanted.set(name, (await findBus(db, scope, name)) ? await Wanted.by(db, scope, name) : undefined)
  return wanted
}

async function putOne(
  entry: PutEventsRequestEntry,
  buses: ReadonlyMap<string, Wanted | undefined>,
  call: WriteCall,
): Promise<PutEventsResultEntry> {
  const { Source = '', DetailType = '', Detail = '', Resources = [], Time, EventBusName } = entry
  if (!Source) return refused('InvalidArgument', missing('Source'))
  if (!DetailType) return refused('InvalidArgument', missing('DetailType'))
  if (!Detail) return refused('InvalidArgument', missing('Detail'))
  if (/^aws\./i.test(Source) || Source.toLowerCase() === 'aws')
    return refused('NotAuthorizedForSource', 'Not authorized for the source.')
  const detail = parsedObject(Detail)
  if (!detail) return refused('MalformedDetail', 'Detail is malformed.')
  const bus = busHere(call.scope, EventBusName)
  if (bus === undefined) return refused('ResourceNotFoundException', `Event bus ${EventBusName} does not exist.`)
  const happening = { source: Source, detailType: DetailType, resources: Resources, detail }
  const event = toEvent(call.scope, call.ids.uuid(), Time ?? call.now, happening)
  // To a bus that does not exist EventBridge takes events as to one without rules (recorded 2025-01).
  if (buses.get(bus)?.includes(event)) {
    const exact = { ...event, detail: exactly(Detail, detail) }
    await addToOutbox(call.db, call.scope, bus, aboutOf(happening), exact)
  }
  return { EventId: event.id }
}

function missing(name: string): string {
  return `Parameter ${name} is not valid. Reason: ${name} is a required argument.`
}

function refused(ErrorCode: string, ErrorMessage: string): PutEventsResultEntry {
  return { ErrorCode, ErrorMessage }
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
