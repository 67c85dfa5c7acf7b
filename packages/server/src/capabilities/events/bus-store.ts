import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { noSuchBus } from './errors.ts'
import { DEFAULT_BUS } from './names.ts'
import type { BusRow, EventTables } from './tables.ts'

/** The bus that an operation's input names, by name or ARN; the default bus if it names none. Throws `ResourceNotFoundException`. */
export function busNamed(scope: Scope, nameOrArn: string | undefined): string {
  const name = busHere(scope, nameOrArn)
  if (name === undefined) throw noSuchBus(nameIn(nameOrArn!))
  return name
}

/** The same; undefined for a bus of another account or Region. */
export function busHere(scope: Scope, nameOrArn: string | undefined): string | undefined {
  if (!nameOrArn) return DEFAULT_BUS
  if (!nameOrArn.startsWith('arn:')) return nameOrArn
  const [, , , region, account] = nameOrArn.split(':')
  return region === scope.region && account === scope.account ? nameIn(nameOrArn) : undefined
}

function nameIn(busArn: string): string {
  return (busArn.split(':')[5] ?? '').replace('event-bus/', '')
}

/** The bus; undefined if there is none of that name. The default bus is always there. */
export async function findBus(reader: Reader, scope: Scope, name: string): Promise<BusRow | undefined> {
  const row = await tables<EventTables>(reader)
    .selectFrom('event_bus')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('name', '=', name)
    .executeTakeFirst()
  return row ?? (name === DEFAULT_BUS ? untouchedDefault(scope) : undefined)
}

function untouchedDefault({ account, region }: Scope): BusRow {
  return { account, region, name: DEFAULT_BUS, description: null, policy: null, created_at: '', modified_at: '' }
}

/** Throws `ResourceNotFoundException` unless the bus exists. */
export async function requireBus(reader: Reader, scope: Scope, name: string): Promise<BusRow> {
  const bus = await findBus(reader, scope, name)
  if (!bus) throw noSuchBus(name)
  return bus
}

/** Custom buses in order of their names, after `after`. */
export async function customBuses(reader: Reader, scope: Scope): Promise<BusRow[]> {
  return tables<EventTables>(reader)
    .selectFrom('event_bus')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('name', '<>', DEFAULT_BUS)
    .orderBy('name')
    .execute()
}

export async function saveBus(tx: Tx, bus: BusRow): Promise<void> {
  const { account: _account, region: _region, name: _name, ...values } = bus
  await tables<EventTables>(tx)
    .insertInto('event_bus')
    .values(bus)
    .onConflict((conflict) => conflict.columns(['account', 'region', 'name']).doUpdateSet(values))
    .execute()
}

export async function deleteBus(tx: Tx, scope: Scope, name: string): Promise<void> {
  await tables<EventTables>(tx)
    .deleteFrom('event_bus')
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('name', '=', name)
    .execute()
}
