/**
 * Events enter here, in the transaction of the change they tell of, so none is lost and none is invented. What no rule wants is not
 * written at all: where there is no rule, an event costs one look at an index.
 */
import type { Kysely } from 'kysely'
import type { Tx } from '#db/database.ts'
import { inserter, statement } from '#db/statement.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Scope } from '#kernel/scope.ts'
import { aboutOf, type BusEvent, type Happening, toEvent } from './event.ts'
import { DEFAULT_BUS } from './names.ts'
import { compiledPattern } from './pattern/event-pattern.ts'
import type { EventTables } from './tables.ts'

const patternsOfBus = statement((db: Kysely<EventTables>, account: string, region: string, bus: string) =>
  db
    .selectFrom('event_rule')
    .select('pattern')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('bus', '=', bus)
    .where('state', '<>', 'DISABLED')
    .where('pattern', 'is not', null),
)

const insertEvent = inserter<EventTables>('event_outbox')

/** The patterns of a bus's rules; asked once for many events of one transaction. */
export class Wanted {
  readonly #patterns: readonly string[]

  private constructor(patterns: readonly string[]) {
    this.#patterns = patterns
  }

  static async by(tx: Tx, { account, region }: Scope, bus = DEFAULT_BUS): Promise<Wanted> {
    return new Wanted((await patternsOfBus(tx, account, region, bus)).map(({ pattern }) => pattern!))
  }

  /** No rule can want anything. */
  get nothing(): boolean {
    return this.#patterns.length === 0
  }

  /** False if no rule can want events of this kind. For those who would have to look up what to say. */
  mayInclude(source: string, detailType: string): boolean {
    return this.#patterns.some((pattern) => compiledPattern(pattern).mayMatch({ source, 'detail-type': detailType }))
  }

  includes(event: BusEvent): boolean {
    return this.#patterns.some((pattern) => compiledPattern(pattern).matches(event))
  }
}

/**
 * Says on the default bus that something happened; the caller wakes `deliverEvents` after the commit, or it goes out a second
 * later. Writes nothing unless a rule wants it.
 */
export function emitEvent(tx: Tx, scope: Scope, now: Date, ids: Ids, happening: Happening): Promise<void> {
  return emitEvents(tx, scope, now, ids, [happening])
}

/** The same for several things that happened in one transaction. */
export async function emitEvents(
  tx: Tx,
  scope: Scope,
  now: Date,
  ids: Ids,
  happenings: readonly Happening[],
): Promise<void> {
  await emitIdentified(tx, scope, function* () {
    for (const happening of happenings) yield { ...happening, id: ids.uuid(), at: now }
  })
}

/** The same for what has an id and a time already. `happenings` is asked for only if there is a rule. */
export async function emitIdentified(
  tx: Tx,
  scope: Scope,
  happenings: () => Iterable<Happening & { readonly id: string; readonly at: Date }>,
): Promise<void> {
  const wanted = await Wanted.by(tx, scope)
  if (wanted.nothing) return
  for (const happening of happenings()) {
    const event = toEvent(scope, happening.id, happening.at, happening)
    if (wanted.includes(event)) await addToOutbox(tx, scope, DEFAULT_BUS, aboutOf(happening), event)
  }
}

export async function addToOutbox(tx: Tx, scope: Scope, bus: string, about: string, event: BusEvent): Promise<void> {
  const { account, region } = scope
  await insertEvent(tx, { account, region, bus, about, event: JSON.stringify(event) })
}
