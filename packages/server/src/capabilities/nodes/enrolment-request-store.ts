/** Machines that wait until somebody lets them in. One is known again, when it asks again, by its fingerprint. */
import { hash } from 'node:crypto'
import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Activation } from './activation.ts'
import type { Applicant } from './enrolment-key.ts'
import type { EnrolmentRequestTable, NodeTables } from './tables.ts'

export interface RequestCursor {
  readonly firstAt: string
  readonly id: string
}

/**
 * Takes in that the machine asks, for the first time or again. Who decides sees its name, so an approval is for that one: under another
 * name the machine waits anew, as another request.
 */
export async function noteRequest(
  tx: Tx,
  { id: activationId, scope }: Activation,
  { fingerprint, hostName, sourceIp }: Applicant,
  at: Date,
  ids: Ids,
): Promise<Pick<EnrolmentRequestTable, 'id' | 'state'>> {
  const asked = { source_ip: sourceIp, last_at: at.toISOString() }
  const fingerprint_hash = hash('sha256', fingerprint)
  const db = tables<NodeTables>(tx)
  noteChange(tx, { kind: 'activations', ids: [activationId], region: scope.region })
  if (hostName) {
    await db
      .deleteFrom('enrolment_request')
      .where('activation_id', '=', activationId)
      .where('fingerprint_hash', '=', fingerprint_hash)
      .where('state', '<>', 'Refused')
      .where((eb) => eb(eb.fn.coalesce('computer_name', eb.val('')), '<>', hostName))
      .execute()
  }
  return db
    .insertInto('enrolment_request')
    .values({
      id: `er-${ids.hex(17)}`,
      activation_id: activationId,
      fingerprint_hash,
      account: scope.account,
      region: scope.region,
      computer_name: hostName ?? null,
      first_at: asked.last_at,
      state: 'Waiting',
      decided_by: null,
      decided_at: null,
      ...asked,
    })
    .onConflict((conflict) => conflict.columns(['activation_id', 'fingerprint_hash']).doUpdateSet(asked))
    .returning(['id', 'state'])
    .executeTakeFirstOrThrow()
}

/** How many machines wait for the key, this one not counted. */
export async function othersWaiting(
  reader: Reader,
  { id }: Activation,
  { fingerprint }: Pick<Applicant, 'fingerprint'>,
): Promise<number> {
  const { count } = await tables<NodeTables>(reader)
    .selectFrom('enrolment_request')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('activation_id', '=', id)
    .where('fingerprint_hash', '<>', hash('sha256', fingerprint))
    .where('state', '=', 'Waiting')
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** How many machines wait, whichever key they came with. */
export async function countWaiting(reader: Reader, { account, region }: Scope): Promise<number> {
  const { count } = await tables<NodeTables>(reader)
    .selectFrom('enrolment_request')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account', '=', account)
    .where('region', '=', region)
    .where('state', '=', 'Waiting')
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** An approval is good for one registration. */
export async function removeRequest(tx: Tx, requestId: string): Promise<void> {
  await tables<NodeTables>(tx).deleteFrom('enrolment_request').where('id', '=', requestId).execute()
}

/** Removes those that neither asked nor were decided since; gives how many. */
export async function removeRequestsBefore(tx: Tx, before: Date): Promise<number> {
  const rows = await tables<NodeTables>(tx)
    .deleteFrom('enrolment_request')
    .where('last_at', '<', before.toISOString())
    .where((eb) => eb.or([eb('decided_at', 'is', null), eb('decided_at', '<', before.toISOString())]))
    .returning(['activation_id', 'region'])
    .execute()
  for (const [region, some] of Map.groupBy(rows, (row) => row.region)) {
    noteChange(tx, { kind: 'activations', ids: [...new Set(some.map((row) => row.activation_id))], region })
  }
  return rows.length
}

/** Those who asked first, first. */
export function listRequests(
  reader: Reader,
  { account, region }: Scope,
  state: EnrolmentRequestTable['state'] | undefined,
  after: RequestCursor | undefined,
  limit: number,
): Promise<EnrolmentRequestTable[]> {
  let query = tables<NodeTables>(reader)
    .selectFrom('enrolment_request')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .orderBy('first_at')
    .orderBy('id')
    .limit(limit)
  if (state) query = query.where('state', '=', state)
  if (after) query = query.where((eb) => eb(eb.refTuple('first_at', 'id'), '>', eb.tuple(after.firstAt, after.id)))
  return query.execute()
}

/** Undefined if there is no such request; else the key that it is for. */
export async function decideRequest(
  tx: Tx,
  { account, region }: Scope,
  id: string,
  state: 'Approved' | 'Refused',
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<string | undefined> {
  const row = await tables<NodeTables>(tx)
    .updateTable('enrolment_request')
    .set({ state, decided_by: by, decided_at: at.toISOString() })
    .where('id', '=', id)
    .where('account', '=', account)
    .where('region', '=', region)
    .returning('activation_id')
    .executeTakeFirst()
  if (row) noteChange(tx, { kind: 'activations', ids: [row.activation_id], region })
  return row?.activation_id
}
