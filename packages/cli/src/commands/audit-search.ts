import type { cloudtrail } from '@steward/model'
import { Api, type Wire } from '#api.ts'
import { connection } from '#connection.ts'
import { type Io, paint } from '#io.ts'

export interface Filters {
  readonly name?: string
  readonly user?: string
  readonly resource?: string
  readonly key?: string
  readonly source?: string
  readonly event?: string
  readonly writes?: boolean
  readonly failed?: boolean
  readonly json?: boolean
}

type Event = Wire<cloudtrail.Event>
type Attribute = Wire<cloudtrail.LookupAttribute>

/** How often `tail` looks. */
const LOOK_MS = 1_000
/** Calls are told within a fraction of a second of their answer, but some take long to be answered. */
const LOOK_BACK_SECONDS = 60

/** Lists calls, the newest first. */
export async function auditSearch(io: Io, options: Filters & { since?: Date; limit: number }): Promise<void> {
  let left = options.limit
  for await (const event of events(new Api(connection(io.env)), options, options.since)) {
    io.stdout.write(shown(io, event, options))
    left -= 1
    if (left === 0) return
  }
}

/** Prints calls as they come, until Ctrl-C. */
export async function auditTail(io: Io, options: Filters): Promise<void> {
  const api = new Api(connection(io.env))
  const left = new AbortController()
  const stopListening = io.onInterrupt(() => left.abort())
  const began = Math.floor(Date.now() / 1000)
  let seen = new Set<string>()
  while (!left.signal.aborted) {
    const since = new Date(Math.max(began, Math.floor(Date.now() / 1000) - LOOK_BACK_SECONDS) * 1000)
    const recent: Event[] = []
    for await (const event of events(api, options, since)) recent.push(event)
    for (const event of recent.toReversed()) {
      // This command's own calls would otherwise be most of what it shows.
      const own = event.EventName === 'LookupEvents' && options.name === undefined
      if (!own && !seen.has(event.EventId ?? '')) io.stdout.write(shown(io, event, options))
    }
    seen = new Set(recent.map(({ EventId }) => EventId ?? ''))
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS)
      left.signal.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true })
    })
  }
  stopListening()
}

/** The calls that match, page by page. The API takes one attribute; the others are looked at here. */
async function* events(api: Api, filters: Filters, since: Date | undefined): AsyncGenerator<Event> {
  const attributes = attributesOf(filters)
  const asked = {
    LookupAttributes: attributes.slice(0, 1),
    ...(since ? { StartTime: since.getTime() / 1000 } : {}),
  }
  let NextToken: string | undefined
  do {
    const page = await api.cloudtrail('LookupEvents', { ...asked, NextToken })
    for (const event of page.Events ?? []) {
      if (attributes.every((one) => has(event, one)) && (!filters.failed || errorOf(event))) yield event
    }
    NextToken = page.NextToken
  } while (NextToken)
}

/** The rarest first. */
function attributesOf({ event, resource, key, user, name, source, writes }: Filters): Attribute[] {
  const wanted: [Attribute['AttributeKey'], string | undefined][] = [
    ['EventId', event],
    ['ResourceName', resource],
    ['AccessKeyId', key],
    ['Username', user],
    ['EventName', name],
    ['EventSource', source && (source.includes('.') ? source : `${source}.amazonaws.com`)],
    ['ReadOnly', writes ? 'false' : undefined],
  ]
  return wanted.flatMap(([AttributeKey, AttributeValue]) =>
    AttributeValue === undefined ? [] : [{ AttributeKey, AttributeValue }],
  )
}

function has(event: Event, { AttributeKey, AttributeValue }: Attribute): boolean {
  // The first attribute was looked up, and of the rest only that is not a member of the event itself.
  if (AttributeKey === 'ResourceName' || AttributeKey === 'ResourceType') return true
  return event[AttributeKey] === AttributeValue
}

function errorOf({ CloudTrailEvent = '{}' }: Event): string | undefined {
  return JSON.parse(CloudTrailEvent).errorCode
}

function shown(io: Io, event: Event, { json }: Filters): string {
  if (json) return `${event.CloudTrailEvent}\n`
  const time = new Date((event.EventTime ?? 0) * 1000).toISOString().slice(0, 19).replace('T', ' ')
  const service = event.EventSource?.split('.')[0]
  const error = errorOf(event)
  const resources = (event.Resources ?? []).map(({ ResourceName }) => ResourceName).join(' ')
  const result = error ? paint(io, io.stdout, 'red', error) : ''
  const words = [time, event.Username ?? '-', `${service}:${event.EventName}`, resources, result]
  return `${words.filter(Boolean).join('  ')}\n`
}
